import { CreateRuleCommand, ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { afterAll, beforeAll, expect, test } from "vitest";
import { isAwaitingSwitch, isInFlight } from "../domain/deployment/deployment.ts";
import { stageRecord } from "../domain/deployment/deployment-stage.ts";
import { resolveApplication } from "../resolve/resolve-application.ts";
import { ADMINISTRATOR } from "../testing/shipped-policy.ts";
import { onFreshLook } from "../testing/test-steps.ts";
import { createTestWorld, LIBRARY, type TestWorld, untilDeployment } from "../testing/test-world.ts";
import { abortDeployment } from "./abort-deployment.ts";
import { deploy } from "./deploy.ts";

/* A release that is asked through the test listener first: real requests through the sandbox's load balancer. */

const SMOKE = { path: "/actuator/health", status: 200, text: "UP", timeoutSeconds: 10 };
let world: TestWorld;
let testUrl: string;

beforeAll(async () => {
  world = await createTestWorld({
    application: (sandbox) => {
      testUrl = sandbox.listenerUrl("library-alb:81").replace(/\/$/, "");
      return { testListener: { loadBalancer: "library-alb", port: 81 }, testUrl, smoke: SMOKE };
    },
  });
  world.sandbox.elb.controls.setWeights("library-alb:81", { "library-blue-tg": 100, "library-green-tg": 0 });
});
afterAll(() => world.close());

const testWeights = async () => (await world.runtime.observer.refreshNow("library")).traffic.test?.weights;

test("the test listener leads to the new side, which answers there before anybody is asked to switch", async () => {
  const started = await onFreshLook(() => deploy(world.as("operator"), { application: "library", imageTag: "1.1.0" }));
  if (!started.ok) throw new Error(started.message);
  const { id } = started.value;
  const waiting = await untilDeployment(world, id, isAwaitingSwitch, 60_000);
  expect(stageRecord(waiting, "POST_TEST_TRAFFIC_SHIFT")).toMatchObject({
    status: "SUCCEEDED",
    detail: expect.stringContaining(`${testUrl}/actuator/health answered 200 with "UP" in `),
    smoke: { ok: true, status: 200, url: `${testUrl}/actuator/health` },
  });
  expect(await testWeights()).toEqual({ blue: 0, green: 100 });
  const preview = await fetch(testUrl);
  expect(preview.headers.get("x-app-version")).toBe("1.1.0");
  const production = await fetch(world.sandbox.listenerUrl("library-alb:80"));
  expect(production.headers.get("x-app-version")).toBe("1.0.0");
  await abortDeployment(world.as("operator"), { deploymentId: id });
  expect((await untilDeployment(world, id, (d) => !isInFlight(d))).status).toBe("STOPPED");
  expect(await testWeights()).toEqual({ blue: 100, green: 0 });
});

test("a smoke check that is not answered as expected stops the release with both, and the test listener goes back", async () => {
  const application = world.runtime.observer.findApplication("library");
  if (!application) throw new Error("library is unknown");
  application.smoke = { ...SMOKE, text: "READY" };
  const started = await onFreshLook(() => deploy(world.as("operator"), { application: "library", imageTag: "1.1.0" }));
  if (!started.ok) throw new Error(started.message);
  const ended = await untilDeployment(world, started.value.id, (d) => !isInFlight(d), 60_000);
  expect(ended.status).toBe("STOPPED");
  expect(ended.statusReason).toBe(
    `${testUrl}/actuator/health should answer 200 with "READY"; it answered 200 with "{"status":"UP"}"`,
  );
  expect(stageRecord(ended, "POST_TEST_TRAFFIC_SHIFT")).toMatchObject({
    status: "FAILED",
    smoke: { ok: false, tries: 3, status: 200 },
  });
  expect(await testWeights()).toEqual({ blue: 100, green: 0 });
  expect((await world.runtime.observer.refreshNow("library")).traffic.weights).toEqual({ blue: 100, green: 0 });
});

test("a rule of the production listener takes test traffic as a listener of its own does", async () => {
  const elb = new ElasticLoadBalancingV2Client({
    region: world.sandbox.place.region,
    endpoint: world.sandbox.url,
    credentials: ADMINISTRATOR,
  });
  const application = world.runtime.observer.findApplication("library");
  if (!application) throw new Error("library is unknown");
  await elb.send(
    new CreateRuleCommand({
      ListenerArn: application.listener.arn,
      Priority: 7,
      Conditions: [{ Field: "http-header", HttpHeaderConfig: { HttpHeaderName: "X-Preview", Values: ["yes"] } }],
      Actions: [{ Type: "forward", TargetGroupArn: application.slots.blue.targetGroupArn }],
    }),
  );
  elb.destroy();
  const url = world.sandbox.listenerUrl("library-alb:80");
  const config = { ...LIBRARY, testListener: null, testRule: { priority: 7 }, testUrl: url, smoke: SMOKE };
  Object.assign(application, await resolveApplication(world.aws, config));
  const started = await onFreshLook(() => deploy(world.as("operator"), { application: "library", imageTag: "1.1.0" }));
  if (!started.ok) throw new Error(started.message);
  const { id } = started.value;
  const waiting = await untilDeployment(world, id, isAwaitingSwitch, 60_000);
  expect(stageRecord(waiting, "POST_TEST_TRAFFIC_SHIFT")).toMatchObject({ status: "SUCCEEDED", smoke: { ok: true } });
  const version = async (headers = {}) => (await fetch(url, { headers })).headers.get("x-app-version");
  expect(await version({ "x-preview": "yes" })).toBe("1.1.0");
  expect(await version()).toBe("1.0.0");
  const snapshot = await world.runtime.hub.snapshot("library");
  expect(snapshot?.traffic.test).toMatchObject({
    name: "library-alb HTTP:80 rule 7",
    takes: "header X-Preview: yes",
    weights: { blue: 0, green: 100 },
  });
  expect(snapshot?.traffic.earlierRules ?? []).toEqual([]);
  expect(snapshot?.waysIn).toContainEqual(expect.objectContaining({ priority: 7, use: "test" }));
  await abortDeployment(world.as("operator"), { deploymentId: id });
  await untilDeployment(world, id, (d) => !isInFlight(d));
  expect(await version({ "x-preview": "yes" })).toBe("1.0.0");
});
