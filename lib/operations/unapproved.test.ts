import { afterAll, beforeAll, expect, test } from "vitest";
import type { Identity } from "../domain/access/role.ts";
import type { ApprovalPolicy } from "../domain/application/approval-policy.ts";
import { isAwaitingSwitch } from "../domain/deployment/deployment.ts";
import { getCommands } from "../queries/get-commands.ts";
import type { Context } from "../request/context.ts";
import { APPROVAL_RULE } from "../testing/facts.ts";
import { ended, idOf, onFreshLook, press, receipt } from "../testing/test-steps.ts";
import { createTestWorld, LIBRARY, type TestWorld, until, untilDeployment } from "../testing/test-world.ts";
import { abortDeployment } from "./abort-deployment.ts";
import { approveDeployment } from "./approve-deployment.ts";
import { deploy } from "./deploy.ts";
import { rejectDeployment } from "./reject-deployment.ts";
import { switchTraffic } from "./switch-traffic.ts";

/* What approvers refused stays refused, whoever clicks and however long ago. */

let world: TestWorld;
const approvals: ApprovalPolicy = { release: { ...APPROVAL_RULE, approvers: 1 }, switch: null };

beforeAll(async () => {
  const application = { ...LIBRARY, bakeMinutes: 0, approvals } as Partial<typeof LIBRARY>;
  world = await createTestWorld({ application, sandbox: { ecs: { virtual: true }, speed: 10 } });
});
afterAll(() => world.close());

function kim(): Context {
  const identity: Identity = { id: "kim@x.y", name: "Kim", role: "approver", via: "session" };
  return { runtime: world.runtime, identity, address: null };
}

/** A release that waits for people, its side up and healthy. */
async function waiting(request: { imageTag: string } | { taskDefinition: string }): Promise<string> {
  const id = idOf(await onFreshLook(() => deploy(world.as("operator"), { application: "library", ...request })));
  await untilDeployment(world, id, (d) => isAwaitingSwitch(d) && d.approval?.expiresAt !== null, 60_000);
  return id;
}

/** The green side is as a switch needs it, but for what approvers said. */
async function untilOnlyRefused(): Promise<void> {
  await until(async () => (await receipt(world, "green")).blockers.every(({ code }) => code.startsWith("APPROVAL_")));
}

test("what an approver rejected goes live by no click: not later, not without the policy, not by an override", async () => {
  const id = await waiting({ imageTag: "1.1.0" });
  idOf(await rejectDeployment(kim(), { deploymentId: id, comment: "breaks login" }));
  await ended(world, id);
  await untilOnlyRefused();
  world.sandbox.calls.resetJournal();
  const refusal = {
    ok: false,
    code: "APPROVAL_REJECTED",
    message: expect.stringMatching(
      /^green runs 1\.1\.0, which was never approved: Kim rejected it at \d{4}-\d\d-\d\d \d\d:\d\d UTC \(breaks login\)$/,
    ),
  };
  expect(await press(world, "green")).toMatchObject(refusal);
  const override = { application: "library", reason: "I know better" };
  const { hash } = await receipt(world, "green");
  const overridden = await switchTraffic(
    {
      ...world.as("admin"),
      identity: { ...(world.as("admin").identity as Identity), authenticatedAt: world.runtime.now() },
    },
    { application: "library", to: "green", receipt: hash, override },
  );
  expect(overridden).toMatchObject({ ok: false, code: "APPROVAL_REJECTED" });

  // Taken out of switchyard.yaml, by a restarted process, after more deployments than a page of history holds.
  const application = world.runtime.observer.findApplication("library");
  const rejected = await world.runtime.store.findDeployment(id);
  if (!application || !rejected) throw new Error("Nothing to go on with");
  application.approvals = { release: null, switch: null };
  for (let later = 0; later < 25; later += 1)
    await world.runtime.store.insertDeployment({
      ...rejected,
      id: `later-${later}`,
      kind: "SWITCH",
      startedAt: rejected.startedAt + 1 + later,
    });
  world.crashEngine();
  expect(await press(world, "green")).toMatchObject(refusal);
  expect((await world.runtime.hub.snapshot("library"))?.actions.switch).toMatchObject({
    allowed: false,
    blockers: [{ code: "APPROVAL_REJECTED" }],
  });
  expect(await getCommands(world.as("operator"), "library", { action: "switch" })).toMatchObject({
    ok: true,
    value: { note: expect.stringContaining("Kim rejected it") },
  });
  expect(world.shifts()).toBe(0);
  application.approvals = approvals;
});

test("the same revision released again and approved goes live", async () => {
  const { green } = (await world.runtime.observer.refreshNow("library")).slots;
  const taskDefinition = green.revision?.taskDefinition ?? "";
  const aborted = await waiting({ taskDefinition });
  idOf(await abortDeployment(world.as("operator"), { deploymentId: aborted }));
  await ended(world, aborted);
  await untilOnlyRefused();
  expect(await press(world, "green")).toMatchObject({ ok: false, code: "APPROVAL_REQUIRED" });

  const again = await waiting({ taskDefinition });
  const { approvalHash } = await receipt(world, "green");
  idOf(await approveDeployment(kim(), { deploymentId: again, receipt: approvalHash }));
  expect(await ended(world, again)).toMatchObject({ status: "SUCCESSFUL", revision: { taskDefinition } });
});
