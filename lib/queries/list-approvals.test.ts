import { afterAll, beforeAll, expect, test } from "vitest";
import type { Identity } from "../domain/access/role.ts";
import { subjectOf } from "../domain/deployment/approval.ts";
import { withApproval } from "../domain/deployment/approval-transitions.ts";
import { approvalAskedAt } from "../domain/rules/approval-rules.ts";
import type { Context } from "../request/context.ts";
import type { Store } from "../store/store.ts";
import { deployment, NOW, observation } from "../testing/facts.ts";
import { createMemoryStore } from "../testing/memory-store.ts";
import { listApprovals } from "./list-approvals.ts";

const RULE = {
  approvers: 2,
  requesterMayApprove: false,
  from: { roles: ["approver" as const], addresses: [], claims: [] },
  timeLimitMinutes: 60,
  onTimeLimit: "ROLLBACK" as const,
};
const SUBJECT = subjectOf(observation(), "green");

let store: Store;
beforeAll(async () => {
  store = await createMemoryStore();
  const waiting = (application: string, now: number) =>
    deployment({
      id: `d-${application}`,
      application,
      kind: "SWITCH",
      requested: null,
      approval: RULE,
      subject: SUBJECT,
      now,
    });
  const yes = { actor: "ada@x.y", name: "Ada", decision: "approved", at: NOW } as const;
  await store.insertDeployment(waiting("older", NOW));
  await store.insertDeployment(withApproval(waiting("newer", NOW + 1), yes, SUBJECT));
  await store.insertDeployment(deployment({ id: "d-plain", application: "plain" }));
});
afterAll(() => store.close());

function as(id: string, changes: Partial<Identity> = {}): Context {
  // This query asks nothing of the runtime but its store and the time.
  const runtime = { store, now: () => NOW + 2 } as unknown as Context["runtime"];
  return { runtime, identity: { id, name: id, role: "approver", via: "session", ...changes }, address: null };
}

async function list(ctx: Context) {
  const result = await listApprovals(ctx);
  if (!result.ok) throw new Error(JSON.stringify(result));
  return {
    yours: result.value.yours,
    rows: result.value.items.map((item) => [item.application, item.blocker?.code ?? null]),
  };
}

test("what waits for approval, newest first, with what waits for the asker's own word", async () => {
  expect(await list(as("alex@x.y"))).toEqual({
    yours: 2,
    rows: [
      ["newer", null],
      ["older", null],
    ],
  });
});

test("what one approved already, asked for oneself, or may not decide, is there with why", async () => {
  expect(await list(as("ada@x.y"))).toEqual({
    yours: 1,
    rows: [
      ["newer", "APPROVAL_NOT_NEEDED"],
      ["older", null],
    ],
  });
  expect((await list(as("operator"))).rows).toEqual([
    ["newer", "OWN_DEPLOYMENT"],
    ["older", "OWN_DEPLOYMENT"],
  ]);
  expect(await list(as("vera@x.y", { role: "viewer" }))).toEqual({
    yours: 0,
    rows: [
      ["newer", "FORBIDDEN"],
      ["older", "FORBIDDEN"],
    ],
  });
});

test("what one may not see is not there, nor counted", async () => {
  const scoped = as("kim@x.y", { role: null, applicationRoles: { older: "approver" } });
  expect(await list(scoped)).toEqual({ yours: 1, rows: [["older", null]] });
  expect(await listApprovals(as("nobody@x.y", { role: null }))).toMatchObject({ ok: false, code: "FORBIDDEN" });
});

test("a deployment without a policy asks nobody", () => {
  expect(approvalAskedAt(deployment())).toBeNull();
});
