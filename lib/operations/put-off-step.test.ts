import { afterAll, beforeAll, expect, test } from "vitest";
import { getReadiness, listReadiness } from "../queries/get-readiness.ts";
import { createTestWorld, type TestWorld } from "../testing/test-world.ts";
import { putOffStep } from "./put-off-step.ts";

let world: TestWorld;
beforeAll(async () => {
  world = await createTestWorld({ sandbox: { speed: 10, ecs: { virtual: true } } });
});
afterAll(() => world.close());

const newest = async () => (await world.runtime.store.listAudit({}, { limit: 1 })).items[0];
const DAY_MS = 86_400_000;
const request = (change: object = {}) => ({
  application: "library",
  step: "load-balancer",
  reason: "it costs money",
  until: world.runtime.now() + DAY_MS,
  ...change,
});
const stepOf = async (id: string) => {
  const report = await getReadiness(world.as("viewer"), "library");
  return report.ok ? report.value.steps.find((step) => step.id === id) : null;
};

test("a viewer reads readiness and puts nothing off, and the refusal is in the audit", async () => {
  const report = await getReadiness(world.as("viewer"), "library");
  expect(report).toMatchObject({ ok: true, value: { application: "library", isConfigured: true } });
  expect(report.ok && report.value.steps).toHaveLength(24);
  expect(await listReadiness(world.as("viewer"))).toMatchObject({ ok: true, value: [{ application: "library" }] });
  expect(await putOffStep(world.as("viewer"), request())).toMatchObject({ ok: false, code: "FORBIDDEN" });
  expect(await newest()).toMatchObject({ action: "readiness.put-off", outcome: "refused", application: "library" });
  expect(await getReadiness(world.as("viewer"), "nope")).toMatchObject({ ok: false, code: "NOT_FOUND" });
  expect(await getReadiness(world.as(null), "library")).toMatchObject({ ok: false, code: "UNAUTHENTICATED" });
});

test("who puts a step off says why and until when; it is audited, shown at once, and safe to call twice", async () => {
  expect((await stepOf("load-balancer"))?.outcome).toBe("warn");
  for (const _ of [1, 2]) expect(await putOffStep(world.as("operator"), request())).toMatchObject({ ok: true });
  expect(await newest()).toMatchObject({
    action: "readiness.put-off",
    outcome: "done",
    application: "library",
    subject: "load-balancer",
    reason: "it costs money",
  });
  expect(await stepOf("load-balancer")).toMatchObject({ outcome: "put off", putOff: { by: "operator" } });
  expect(await world.runtime.store.listPutOffs("library")).toHaveLength(1);
  expect(await putOffStep(world.as("operator"), request({ until: null, reason: "money is there" }))).toMatchObject({
    ok: true,
  });
  expect((await stepOf("load-balancer"))?.outcome).toBe("warn");
});

test.each([
  ["step", { step: "coffee" }],
  ["step", { step: undefined }],
  ["reason", { reason: " " }],
  ["reason", { reason: "x".repeat(501) }],
  ["until", { until: undefined }],
  ["until", { until: 1 }],
  ["until", { until: "soon" }],
  ["until", { until: 4_000_000_000_000_0 }],
  ["colour", { colour: "red" }],
])("%s in %j is refused by its name", async (field, change) => {
  const refused = await putOffStep(world.as("admin"), request(change));
  expect(refused).toMatchObject({ ok: false, code: "INVALID_INPUT" });
  expect(refused.ok ? "" : refused.message).toContain(field);
});

test("an application that is not configured has nothing to put off", async () => {
  expect(await putOffStep(world.as("admin"), request({ application: "nope" }))).toMatchObject({ code: "NOT_FOUND" });
});

test("a hundred who ask are one look at AWS", async () => {
  await getReadiness(world.as("admin"), "library");
  const before = world.sandbox.calls.counts()["ec2.DescribeSecurityGroups"]?.count ?? 0;
  const reports = await Promise.all(Array.from({ length: 100 }, () => world.runtime.readiness.look("library", 0)));
  const after = world.sandbox.calls.counts()["ec2.DescribeSecurityGroups"]?.count ?? 0;
  expect(new Set(reports.map((report) => report?.facts.at)).size).toBe(1);
  expect(after - before).toBeLessThanOrEqual(1);
});
