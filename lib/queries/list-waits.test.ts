import { afterAll, beforeAll, expect, test } from "vitest";
import type { Identity } from "../domain/access/role.ts";
import { subjectOf } from "../domain/deployment/approval.ts";
import { withApproval } from "../domain/deployment/approval-transitions.ts";
import { withStage } from "../domain/deployment/change-stage.ts";
import type { Deployment, FollowedGate } from "../domain/deployment/deployment.ts";
import type { Context } from "../request/context.ts";
import type { Store } from "../store/store.ts";
import { deployment, NOW, observation } from "../testing/facts.ts";
import { createMemoryStore } from "../testing/memory-store.ts";
import { countWaits, listWaits } from "./list-waits.ts";

const MINUTE = 60_000;
const RULE = {
  approvers: 2,
  requesterMayApprove: false,
  from: { roles: ["approver" as const], addresses: [], claims: [] },
  timeLimitMinutes: 60,
  onTimeLimit: "ROLLBACK" as const,
};
const SUBJECT = subjectOf(observation(), "green");
const KEPT = { deploymentId: "d-kept", keeps: "blue", until: NOW + 5 * MINUTE, phase: "kept" } as const;

function gated(application: string, stage: FollowedGate["stage"], onExpiry: FollowedGate["onExpiry"]): Deployment {
  const gate = { id: `ecs-pause-${application}`, stage, expiresAt: NOW + 30 * MINUTE, onExpiry };
  const begun = { ...deployment({ id: `d-${application}`, application }), status: "IN_PROGRESS" as const, stage };
  const aws = { id: "arn/1", sentAt: NOW, gate, answer: null, answered: [], isForeign: true as const };
  return { ...withStage(begun, stage, { status: "AWAITING_ACTION", startedAt: NOW }), aws };
}

let store: Store;
beforeAll(async () => {
  store = await createMemoryStore();
  const asked = deployment({
    id: "d-approval",
    application: "approval",
    kind: "SWITCH",
    requested: null,
    approval: RULE,
    subject: SUBJECT,
    now: NOW,
  });
  const yes = { actor: "ada@x.y", name: "Ada", decision: "approved", at: NOW } as const;
  await store.insertDeployment(withApproval(asked, yes, SUBJECT));
  await store.insertDeployment(gated("gate", "POST_TEST_TRAFFIC_SHIFT", "ROLLBACK"));
  await store.insertDeployment(gated("live", "PRE_PRODUCTION_TRAFFIC_SHIFT", "CONTINUE"));
  await store.insertDeployment(gated("window", "POST_PRODUCTION_TRAFFIC_SHIFT", "CONTINUE"));
  await store.insertDeployment(deployment({ id: "d-going", application: "going" }));
});
afterAll(() => store.close());

function as(id: string, changes: Partial<Identity> = {}): Context {
  const names = ["approval", "gate", "live", "window", "going", "kept"];
  const lastDeployment = { ...deployment({ id: "d-kept", application: "kept" }), finishedAt: NOW };
  const runtime = {
    store,
    now: () => NOW + 2,
    observer: { applications: () => names.map((name) => ({ name, controller: "ecs-native" })) },
    hub: {
      lastSnapshot: async (name: string) =>
        name === "kept"
          ? { name, controller: "task-set", openWindow: KEPT, lastDeployment, window: null }
          : { name, controller: "ecs-native", lastDeployment: null, window: null },
    },
    // These queries ask nothing else of the runtime.
  } as unknown as Context["runtime"];
  return { runtime, identity: { id, name: id, role: "approver", via: "session", ...changes }, address: null };
}

async function list(ctx: Context) {
  const [all, count] = [await listWaits(ctx), await countWaits(ctx)];
  if (!all.ok || !count.ok) throw new Error(JSON.stringify([all, count]));
  expect(count.value.yours).toBe(all.value.yours);
  return {
    yours: all.value.yours,
    rows: all.value.items.map((item) => [item.application, item.kind, item.blocker?.code ?? null]),
  };
}

test("every gate, approval and window is there, what goes live by itself first, and counts for whoever may answer", async () => {
  expect(await list(as("alex@x.y"))).toEqual({
    yours: 4,
    rows: [
      ["live", "gate", null],
      ["window", "window", null],
      ["gate", "gate", null],
      ["approval", "approval", null],
      ["kept", "window", null],
    ],
  });
});

test("what one approved already, or may not answer, waits for others", async () => {
  expect((await list(as("ada@x.y"))).rows).toContainEqual(["approval", "approval", "APPROVAL_NOT_NEEDED"]);
  const operator = await list(as("olga@x.y", { role: "operator" }));
  expect(operator.yours).toBe(3);
  expect(operator.rows).toContainEqual(["approval", "approval", "FORBIDDEN"]);
  const viewer = await list(as("vera@x.y", { role: "viewer" }));
  expect(viewer.yours).toBe(0);
  expect(viewer.rows.filter(([, , code]) => code === "FORBIDDEN")).toHaveLength(4);
});

test("what one may not see is not there, nor counted; without any role it is refused", async () => {
  const scoped = as("kim@x.y", { role: null, applicationRoles: { gate: "operator" } });
  expect(await list(scoped)).toEqual({ yours: 1, rows: [["gate", "gate", null]] });
  const nobody = as("nobody@x.y", { role: null });
  expect(await listWaits(nobody)).toMatchObject({ ok: false, code: "FORBIDDEN" });
  expect(await countWaits(nobody)).toMatchObject({ ok: false, code: "FORBIDDEN" });
});
