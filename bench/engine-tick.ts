import { setTimeout as delay } from "node:timers/promises";
import { applicationSchema } from "../lib/config/application-config.ts";
import type { Application } from "../lib/domain/application/application.ts";
import { advance, revisionRegistered, sideStarted } from "../lib/domain/deployment/deployment-transitions.ts";
import type { Observation } from "../lib/domain/observation/observation.ts";
import { createEngine } from "../lib/engine/engine.ts";
import { createStore } from "../lib/store/create-store.ts";
import { deployment, observation, revision } from "../lib/testing/facts.ts";
import type { Figure } from "./figure.ts";

const APPLICATIONS = 200;
const TICKS = 20;
const TICK_MS = 1_000;

/**
 * The engine alone, with its embedded database in this process, and 200 releases that wait to be switched: what one tick a
 * second takes of the processor, the database's part included.
 */
export async function measureEngineTick(): Promise<Figure[]> {
  const store = await createStore({ inMemory: true });
  const looks = new Map<string, Observation>();
  const names = Array.from({ length: APPLICATIONS }, (_, i) => `application-${i}`);
  const look = (name: string): Observation => {
    const seen = { ...observation({ at: Date.now() }), application: name };
    looks.set(name, seen);
    return seen;
  };
  const applications = new Map(names.map((name) => [name, applicationNamed(name)]));
  for (const name of names) {
    const now = Date.now();
    const begun = deployment({ id: `d-${name}`, application: name, observation: look(name), now });
    const waiting = advance(sideStarted(revisionRegistered(begun, revision(3), now), revision(3), 2, now), now);
    await store.insertDeployment(waiting);
  }
  const engine = createEngine({
    store,
    controllers: {},
    observer: {
      applications: () => [...applications.values()],
      findApplication: (name) => applications.get(name) ?? null,
      observation: look,
      refreshNow: async (name) => look(name),
      setInFlight: () => undefined,
    },
    hub: { deploymentChanged: () => undefined },
    requests: {
      unreadTasks: () => 0,
      deliveryLagMs: async () => null,
      requestsSince: () => Promise.reject(new Error("nothing is verified here")),
    },
    lines: { lastLines: async () => [], functionLines: async () => [] },
    now: Date.now,
    holder: "bench",
    tickMs: TICK_MS,
  });
  engine.start();
  // The first ticks take up what is in flight and the leases.
  await delay(3 * TICK_MS);
  const before = process.cpuUsage();
  await delay(TICKS * TICK_MS);
  const { user, system } = process.cpuUsage(before);
  await engine.stop();
  await store.close();
  return [
    {
      name: `engine tick, ${APPLICATIONS} applications in flight, processor time`,
      value: (user + system) / 1000 / TICKS,
      unit: "ms",
      target: { kind: "<=", value: 200 },
      note: `mean of ${TICKS} ticks, embedded database included`,
    },
  ];
}

function applicationNamed(name: string): Application {
  const side = (color: string) => ({ service: `${name}-${color}`, targetGroup: `${name}-${color}` });
  const config = applicationSchema.parse({
    name,
    cluster: "bench",
    listener: { loadBalancer: name, port: 80 },
    blue: side("blue"),
    green: side("green"),
  });
  const ref = (color: string) => ({
    targetGroupArn: `arn:aws:elasticloadbalancing:x:1:targetgroup/${name}-${color}/1`,
    targetGroupName: `${name}-${color}`,
    service: `${name}-${color}`,
  });
  const {
    minimumHealthy,
    stableChecks,
    bakeMinutes,
    windowMinutes,
    afterWindow,
    requestLine,
    checks,
    metricPeriodSeconds,
    rollout,
    smoke,
    timeouts,
  } = config;
  return {
    name,
    region: "ap-northeast-2",
    accountId: "123456789012",
    cluster: "bench",
    controller: "paired-services",
    listener: { arn: `arn:aws:elasticloadbalancing:x:1:listener/app/${name}/1/2`, kind: "listener", name, url: null },
    testListener: null,
    slots: { blue: ref("blue"), green: ref("green") },
    container: null,
    repository: null,
    logGroup: null,
    alarms: [],
    ...{
      minimumHealthy,
      stableChecks,
      bakeMinutes,
      windowMinutes,
      afterWindow,
      requestLine,
      checks,
      metricPeriodSeconds,
      rollout,
      smoke,
      timeouts,
    },
  };
}
