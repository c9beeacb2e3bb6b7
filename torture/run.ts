import { setTimeout as delay } from "node:timers/promises";
import { until } from "../bench/local-process.ts";
import { startTraffic } from "../e2e/traffic.ts";
import { createAws } from "../lib/aws/aws.ts";
import { createActor } from "./actor.ts";
import { createChance } from "./chance.ts";
import { openEntrances, SECOND_PORT } from "./entrances.ts";
import type { AwsWrite, Evidence, HealthSample, Trouble } from "./evidence.ts";
import { openIntents } from "./history.ts";
import type { RunRecord } from "./records.ts";
import { createServerProcess, libraryConfiguration } from "./server.ts";
import { makeTrouble } from "./trouble.ts";
import type { SandboxProcess } from "./world.ts";

const REQUESTS_PER_SECOND = 20;
const SAMPLE_MS = 100;
const CLOCK_READS = 20;
const OUTCOME_WITHIN_MS = 30_000;
const SETTLES_WITHIN_MS = 240_000;

/** What one run came to. */
export interface RunResult {
  evidence: Evidence;
  /** Requests of clients. */
  sent: number;
  /** Milliseconds from each start of the server to its first answer. */
  startMs: number[];
  /** What the server said on its error channel. */
  serverLog: string;
}

/** One seeded run: a fresh world, somebody at the buttons, trouble, then quiet; and what is left of it. */
export async function runOnce(sandbox: SandboxProcess, record: RunRecord, seed: number): Promise<RunResult> {
  const chance = createChance(seed, "run");
  const bakeMinutes = chance.isHit(0.3) ? 1 : 0;
  await sandbox.call("POST", "/reset");
  const entrances = await openEntrances(sandbox, createChance(seed, "entrances"));
  const secondPort = entrances.togetherArn === null ? null : SECOND_PORT;
  const configuration = libraryConfiguration(sandbox, { bakeMinutes, secondPort });
  const newServer = () => createServerProcess(sandbox, { configuration, record });
  const first = await newServer();
  const servers = record.kind === "postgres" ? ([first, await newServer()] as const) : ([first] as const);
  const actor = createActor(servers, createChance(seed, "actor"), createChance(seed, "ending"), bakeMinutes > 0);
  const readLogs = async () => (await Promise.all(servers.map((server) => server.readLog()))).join("");
  const troubles: Trouble[] = [];
  const samples: HealthSample[] = [];
  const stopTrouble = new AbortController();
  const stopSampling = new AbortController();
  try {
    const startMs = await Promise.all(servers.map((server) => server.start()));
    await until("both sides are healthy", async () => {
      const { healthy } = await sampleHealth(sandbox);
      return healthy.blue >= 2 && healthy.green >= 2;
    });
    const traffic = startTraffic(sandbox.albUrl, REQUESTS_PER_SECOND);
    const taskSets = await readTaskSets(sandbox);
    const startedAt = Date.now();
    const sampling = sampleUntil(sandbox, samples, stopSampling.signal);
    const trouble = Promise.all([
      makeTrouble({ sandbox, servers }, createChance(seed, "trouble"), troubles, stopTrouble.signal),
      entrances.makeTrouble(troubles, stopTrouble.signal),
    ]).then(
      () => null,
      (error: unknown) => error,
    );
    await actor.act(chance.whole(5, 8));
    stopTrouble.abort();
    const failure = await trouble;
    if (failure) throw failure;
    await sandbox.call("DELETE", "/faults");
    for (const server of servers) if (!server.isUp()) startMs.push(await server.start());
    await actor.windDown(SETTLES_WITHIN_MS);
    // What was asked for last may still be on its way to AWS and into the journal.
    await delay(500);
    await until(
      "every intent has an outcome",
      async () => (await actor.deployments()).every(({ journal }) => openIntents(journal).length === 0),
      OUTCOME_WITHIN_MS,
    ).catch(() => null);
    const record = await traffic.stop();
    stopSampling.abort();
    await sampling;
    const evidence: Evidence = {
      startedAt,
      endedAt: Date.now(),
      speed: sandbox.speed,
      writes: (await readWrites(sandbox)).filter(({ requestId }) => !entrances.requestIds.has(requestId)),
      taskSets,
      samples,
      troubles,
      requests: actor.requests,
      deployments: await actor.deployments(),
      testListenerArn: await actor.testListenerArn(),
      ...(entrances.togetherArn === null ? {} : { togetherArn: entrances.togetherArn }),
      failures: record.failures,
      hasErrorsByDesign: actor.hasErrorsByDesign,
    };
    return { evidence, sent: record.sent, startMs, serverLog: await readLogs() };
  } catch (error) {
    throw new Error(`The run broke off: ${String(error)}\n${(await readLogs()).slice(-2_000)}`, { cause: error });
  } finally {
    stopTrouble.abort();
    stopSampling.abort();
    await sandbox.call("DELETE", "/faults").catch(() => undefined);
    entrances.close();
    for (const server of servers) await server.remove();
  }
}

async function sampleUntil(sandbox: SandboxProcess, samples: HealthSample[], signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await sampleHealth(sandbox).then(
      (sample) => samples.push(sample),
      () => undefined,
    );
    await delay(SAMPLE_MS, undefined, { signal }).catch(() => undefined);
  }
}

async function sampleHealth(sandbox: SandboxProcess): Promise<HealthSample> {
  type Groups = Record<string, { targets: Record<string, { state: string }> }>;
  const { targetGroups } = await sandbox.call<{ targetGroups: Groups }>("GET", "/traffic");
  const countHealthy = (name: string) =>
    Object.values(targetGroups[name]?.targets ?? {}).filter((target) => target.state === "healthy").length;
  return {
    at: Date.now(),
    healthy: { blue: countHealthy("library-blue-tg"), green: countHealthy("library-green-tg") },
  };
}

/** A call in the sandbox's record, with what it was signed with. */
export type RecordedWrite = AwsWrite & { service: string; accessKeyId: string | null };

/** The sandbox's record of writes, in real time: its own runs faster from the same moment on. */
export async function readWrites(sandbox: SandboxProcess): Promise<RecordedWrite[]> {
  const clock = await readClock(sandbox);
  const entries = await sandbox.call<(Omit<RecordedWrite, "at"> & { at: string })[]>("GET", "/journal");
  return entries
    .map((entry) => ({ ...entry, at: clock.realAt - (clock.sandboxAt - Date.parse(entry.at)) / sandbox.speed }))
    .filter((entry) => ["elbv2", "ecs", "codedeploy"].includes(entry.service));
}

/** One moment by both clocks, from the answer that was on its way for the shortest time (Cristian's algorithm). */
async function readClock(sandbox: SandboxProcess): Promise<{ realAt: number; sandboxAt: number }> {
  let best = { tripMs: Number.POSITIVE_INFINITY, realAt: 0, sandboxAt: 0 };
  for (let i = 0; i < CLOCK_READS; i += 1) {
    const askedAt = Date.now();
    const { now } = await sandbox.call<{ now: string }>("GET", "");
    const tripMs = Date.now() - askedAt;
    if (tripMs < best.tripMs) best = { tripMs, realAt: askedAt + tripMs / 2, sandboxAt: Date.parse(now) };
  }
  return best;
}

/** The sides of the task sets that the world begins with. */
async function readTaskSets({ url, kind }: SandboxProcess): Promise<Evidence["taskSets"]> {
  if (kind === "paired") return [];
  const aws = createAws({ region: "ap-northeast-2", endpoint: url });
  try {
    const found = await aws.ecs.describeServices("library-management-cluster", ["library-service"], "action");
    const service = found.get("library-service");
    if (!service || service instanceof Error) throw new Error("The sandbox has no library-service");
    return service.taskSets.map(({ id, targetGroupArns }) => ({
      id,
      side: targetGroupArns.some((arn) => arn.includes("library-green-tg")) ? "green" : "blue",
    }));
  } finally {
    aws.destroy();
  }
}
