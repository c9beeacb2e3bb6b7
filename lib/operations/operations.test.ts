import { readdir, readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isAwaitingSwitch, isInFlight } from "../domain/deployment/deployment.ts";
import { getReceipt } from "../queries/get-receipt.ts";
import type { Context } from "../request/context.ts";
import type { Operated } from "../request/operated.ts";
import { createTestWorld, type TestWorld, until, untilDeployment } from "../testing/test-world.ts";
import { abortDeployment } from "./abort-deployment.ts";
import { approveDeployment } from "./approve-deployment.ts";
import { deploy } from "./deploy.ts";
import { extendWindow } from "./extend-window.ts";
import { rejectDeployment } from "./reject-deployment.ts";
import { retireSide } from "./retire-side.ts";
import { rollBack } from "./roll-back.ts";
import { switchTraffic } from "./switch-traffic.ts";

/* The three tests that every operation has, and one that none is missing here. */

let world: TestWorld;

beforeAll(async () => {
  // Virtual tasks write no request lines, so that nothing could verify a switch; without one it rests on the read-back.
  world = await createTestWorld({ sandbox: { speed: 10, ecs: { virtual: true } }, application: { requestLine: null } });
});
afterAll(() => world.close());
type Ask = (ctx: Context) => Promise<Operated<unknown>>;

async function receipt(to: string) {
  const answer = await getReceipt(world.as("viewer"), "library", to);
  if (!answer.ok) throw new Error(answer.message);
  return answer.value;
}

async function standby() {
  return world.runtime.observer.observation("library")?.traffic.live === "blue" ? "green" : "blue";
}

async function id(asked: Promise<Operated<unknown>>): Promise<string> {
  const result = await asked;
  if (!result.ok) throw new Error(`${result.code}: ${result.message}`);
  return result.value.id;
}

/** Ends what is in flight and waits until a switch could begin. */
async function clear(): Promise<void> {
  for (const { id: inFlight } of await world.runtime.store.listDeploymentsInFlight()) {
    await abortDeployment(world.as("admin"), { deploymentId: inFlight });
    await untilDeployment(world, inFlight, (d) => !isInFlight(d));
  }
  await until(async () => (await receipt("green")).blockers.length + (await receipt("blue")).blockers.length === 1);
}

const inFlight = () => world.runtime.store.findDeploymentInFlight("library");

const release = () => id(deploy(world.as("operator"), { application: "library", imageTag: "1.1.0" }));

async function waiting(): Promise<string> {
  const known = await inFlight();
  if (known && isAwaitingSwitch(known)) return known.id;
  await clear();
  const deploymentId = await release();
  await untilDeployment(world, deploymentId, isAwaitingSwitch);
  return deploymentId;
}

async function press(): Promise<string> {
  const to = await standby();
  const { hash } = await until(async () => {
    const now = await receipt(to);
    return now.blockers.length === 0 ? now : null;
  });
  return id(switchTraffic(world.as("operator"), { application: "library", to, receipt: hash }));
}

async function baking(): Promise<string> {
  const known = await inFlight();
  if (known?.stage === "BAKE_TIME" && known.status === "IN_PROGRESS") return known.id;
  const deploymentId = await waiting();
  await press();
  await untilDeployment(world, deploymentId, (d) => d.stage === "BAKE_TIME");
  return deploymentId;
}

/** How to get to where each may be asked, and how to ask it. */
const OPERATIONS: Record<string, { verb: string; prepare: () => Promise<Ask> }> = {
  "deploy.ts": {
    verb: "deploy",
    prepare: async () => {
      await clear();
      const idempotencyKey = `deploy-${Math.random()}`;
      return (ctx) => deploy(ctx, { application: "library", imageTag: "1.1.0", idempotencyKey, reason: "because" });
    },
  },
  "abort-deployment.ts": {
    verb: "abort",
    prepare: async () => {
      await clear();
      const deploymentId = await release();
      return (ctx) => abortDeployment(ctx, { deploymentId, comment: "because" });
    },
  },
  "approve-deployment.ts": {
    verb: "approve",
    prepare: async () => {
      const deploymentId = await waiting();
      return (ctx) => approveDeployment(ctx, { deploymentId, comment: "because" });
    },
  },
  "extend-window.ts": {
    verb: "extend",
    prepare: async () => {
      const deploymentId = await baking();
      return (ctx) => extendWindow(ctx, { deploymentId, minutes: 5, comment: "because" });
    },
  },
  "roll-back.ts": {
    verb: "rollback",
    prepare: async () => {
      await baking();
      return (ctx) => rollBack(ctx, { application: "library", reason: "because" });
    },
  },
  "reject-deployment.ts": {
    verb: "reject",
    prepare: async () => {
      const deploymentId = await waiting();
      return (ctx) => rejectDeployment(ctx, { deploymentId, comment: "because" });
    },
  },
  "switch-traffic.ts": {
    verb: "switch",
    prepare: async () => {
      await clear();
      const to = await standby();
      const { hash } = await receipt(to);
      return (ctx) => switchTraffic(ctx, { application: "library", to, receipt: hash, reason: "because" });
    },
  },
  "retire-side.ts": {
    verb: "retire",
    prepare: async () => {
      await clear();
      const deploymentId = await press();
      await untilDeployment(world, deploymentId, (d) => !isInFlight(d));
      return (ctx) => retireSide(ctx, { deploymentId, comment: "because" });
    },
  },
};

test("every operation of the folder is tested here, and goes through the order of defineOperation", async () => {
  const files = (await readdir(import.meta.dirname)).filter((file) => file.endsWith(".ts") && !file.includes("test"));
  const operations: string[] = [];
  for (const file of files) {
    const source = await readFile(`${import.meta.dirname}/${file}`, "utf8");
    if (/ = defineOperation\(/.test(source)) operations.push(file);
    // Only the engine and operations change anything: nothing else here may reach for them.
    else if (file !== "begin-deployment.ts" && file !== "change-deployment.ts")
      expect(source, file).not.toMatch(/\b(insertDeployment|engine\.(change|submit|retire))\(/);
  }
  expect(operations.sort()).toEqual(Object.keys(OPERATIONS).sort());
});

test("input that is not understood is refused with field, value and fix, and audited", async () => {
  const result = await switchTraffic(world.as("operator"), { application: "library", to: "purple", receipt: "x" });
  expect(result).toMatchObject({ ok: false, code: "INVALID_INPUT" });
  if (result.ok) return;
  expect(result.message).toContain('to is "purple"');
  expect(result.fix).toContain('give "blue" or "green"');
  const row = (await world.runtime.store.listAudit({ action: "deployment.switch" }, { limit: 1 })).items[0];
  expect(row).toMatchObject({ outcome: "refused", code: "INVALID_INPUT" });
});

test("an Idempotency-Key that comes back with another body is refused", async () => {
  await clear();
  const idempotencyKey = "one-key";
  await id(deploy(world.as("operator"), { application: "library", imageTag: "1.1.0", idempotencyKey }));
  const other = await deploy(world.as("operator"), { application: "library", imageTag: "1.0.0", idempotencyKey });
  expect(other).toMatchObject({ ok: false, code: "INVALID_INPUT" });
});

test("a second release while one is in flight is refused and names the first", async () => {
  await clear();
  await release();
  const second = await deploy(world.as("operator"), { application: "library", imageTag: "1.0.0" });
  expect(second).toMatchObject({ ok: false, code: "DEPLOYMENT_IN_FLIGHT" });
});

test("a tag that the repository does not have is refused before anything is registered", async () => {
  await clear();
  world.sandbox.calls.resetJournal();
  const result = await deploy(world.as("operator"), { application: "library", imageTag: "9.9.9" });
  expect(result).toMatchObject({ ok: false, code: "IMAGE_NOT_FOUND" });
  expect(world.sandbox.calls.journal()).toEqual([]);
});

test("an unknown application and an unknown deployment are not found", async () => {
  expect(await rollBack(world.as("operator"), { application: "nowhere" })).toMatchObject({ code: "NOT_FOUND" });
  expect(await abortDeployment(world.as("operator"), { deploymentId: "d-0" })).toMatchObject({ code: "NOT_FOUND" });
});

test("one who asks far too often is told to wait", async () => {
  const ctx = {
    ...world.as("operator"),
    identity: { id: "hasty", name: "hasty", role: "operator", via: "token" },
  } as const;
  const answers = await Promise.all(Array.from({ length: 60 }, () => abortDeployment(ctx, { deploymentId: "d-0" })));
  expect(answers.filter((answer) => !answer.ok && answer.code === "RATE_LIMITED").length).toBeGreaterThan(10);
});

describe.each(Object.entries(OPERATIONS))("%s", (_file, { verb, prepare }) => {
  test("refuses a viewer, audits what was refused and what was done, and is safe to call twice", async () => {
    const { store } = world.runtime;
    const ask = await prepare();
    // The engine goes on with what is in flight meanwhile: its words may change, what it is may not.
    const newest = async () =>
      (await store.listDeployments("library", { limit: 1 })).items.map(({ id, kind, status }) => ({
        id,
        kind,
        status,
      }));
    const before = await newest();

    const denied = await ask(world.as("viewer"));
    expect(denied).toMatchObject({ ok: false, code: "FORBIDDEN" });
    expect(await ask(world.as(null))).toMatchObject({ ok: false, code: "UNAUTHENTICATED" });
    expect(await newest()).toEqual(before);
    const refusals = (await store.listAudit({ action: `deployment.${verb}`, outcome: "refused" }, { limit: 10 })).items;
    const refusal = refusals.find((row) => row.actorId === "viewer@sandbox.local");
    expect(refusal).toMatchObject({ code: "FORBIDDEN", role: "viewer", askedAt: expect.any(Number) });

    const [first, second] = await Promise.all([ask(world.as("approver")), ask(world.as("approver"))]);
    if (!first.ok || !second.ok) throw new Error(JSON.stringify([first, second]));
    expect(second.value.id).toBe(first.value.id);
    const rows = (await store.listAudit({ actor: "approver@sandbox.local" }, { limit: 2 })).items;
    expect(rows).toHaveLength(2);
    for (const row of rows)
      expect(row).toMatchObject({
        action: `deployment.${verb}`,
        outcome: "done",
        deploymentId: first.value.id,
        application: "library",
        reason: "because",
        askedAt: expect.any(Number),
        before: expect.any(String),
        after: expect.any(String),
      });
  });
});
