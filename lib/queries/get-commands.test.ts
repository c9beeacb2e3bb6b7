import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestWorld, type TestWorld } from "../testing/test-world.ts";
import { getCommands } from "./get-commands.ts";

let world: TestWorld;

beforeAll(async () => {
  world = await createTestWorld({ sandbox: { speed: 10, ecs: { virtual: true } }, application: { requestLine: null } });
});
afterAll(() => world.close());

const ask = (request: unknown, role: Parameters<TestWorld["as"]>[0] = "viewer") =>
  getCommands(world.as(role), "library", request);

test("shows a viewer the commands of a switch, with this endpoint and Region, and writes nothing", async () => {
  const answer = await ask({ action: "switch", to: "green" });
  if (!answer.ok) throw new Error(answer.message);
  const { commands, script, note } = answer.value;
  expect(note).toBeNull();
  expect(commands.map(({ argv }) => argv.slice(0, 3).join(" "))).toEqual([
    "aws elbv2 describe-target-health",
    "aws elbv2 modify-listener",
    "aws elbv2 describe-listeners",
  ]);
  expect(script).toContain(`--endpoint-url ${world.sandbox.url}`);
  expect(script).toContain("--region ap-northeast-2");
  expect(world.shifts()).toBe(0);
});

test("refuses who is not signed in, and says which field makes no sense", async () => {
  expect(await ask({ action: "switch" }, null)).toMatchObject({ ok: false, code: "UNAUTHENTICATED" });
  expect(await ask({ action: "destroy" })).toMatchObject({
    code: "INVALID_INPUT",
    fix: expect.stringContaining("action"),
  });
  expect(await ask({ action: "deploy", imageTag: "9.9.9" }, "operator")).toMatchObject({ code: "IMAGE_NOT_FOUND" });
  expect(await getCommands(world.as("viewer"), "nope", { action: "switch" })).toMatchObject({ code: "NOT_FOUND" });
});

test("what a deploy would register is shown to whoever may deploy, not to a viewer", async () => {
  const requests = [
    { action: "deploy" },
    { action: "deploy", imageTag: "1.1.0" },
    { action: "switch", imageTag: "1.1.0" },
  ];
  for (const request of requests)
    expect(await ask(request), JSON.stringify(request)).toMatchObject({ code: "FORBIDDEN" });
});

test("a deploy registers the tag by its digest", async () => {
  const answer = await ask({ action: "deploy", imageTag: "1.1.0" }, "operator");
  expect(answer.ok && answer.value.script).toMatch(/library-management-system:1\.1\.0@sha256:[0-9a-f]{64}/);
});

test("the way back is shown while the database is down", async () => {
  world.setStoreDown(true);
  try {
    const answer = await ask({ action: "switch", to: "green" });
    expect(answer.ok && answer.value.script).toContain("modify-listener");
    const back = await ask({ action: "rollback" });
    expect(back).toMatchObject({ ok: true, value: { note: expect.stringContaining("No switch is on record") } });
    expect(back.ok && back.value.script).toContain("modify-listener");
  } finally {
    world.setStoreDown(false);
  }
});

test("150 questions of one viewer cost AWS what one does, and those beyond a viewer's measure are refused", async () => {
  const looks = () => world.sandbox.calls.counts()["elbv2.DescribeListeners"]?.count ?? 0;
  const before = looks();
  const answers = await Promise.all(
    Array.from({ length: 150 }, () => ask({ action: "switch", to: "green" }, "approver")),
  );
  expect(looks() - before).toBeLessThan(15);
  const codes = answers.map((answer) => (answer.ok ? "ok" : answer.code));
  expect(new Set(codes)).toEqual(new Set(["ok", "RATE_LIMITED"]));
  expect(codes.slice(0, 100)).toEqual(Array(100).fill("ok"));
});
