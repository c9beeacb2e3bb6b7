import {
  CreateRuleCommand,
  DeleteRuleCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Identity } from "../domain/access/role.ts";
import type { ApprovalRule } from "../domain/application/approval-policy.ts";
import { isAwaitingSwitch, isInFlight } from "../domain/deployment/deployment.ts";
import { otherColor, type SlotColor } from "../domain/observation/slot.ts";
import { getReceipt } from "../queries/get-receipt.ts";
import type { Context } from "../request/context.ts";
import { ADMINISTRATOR } from "../testing/shipped-policy.ts";
import { onFreshLook } from "../testing/test-steps.ts";
import { createTestWorld, LIBRARY, type TestWorld, until, untilDeployment } from "../testing/test-world.ts";
import { abortDeployment } from "./abort-deployment.ts";
import { approveDeployment } from "./approve-deployment.ts";
import { deploy } from "./deploy.ts";
import { rejectDeployment } from "./reject-deployment.ts";
import { rollBack } from "./roll-back.ts";
import { switchTraffic } from "./switch-traffic.ts";

/* Approvals against the sandbox: who may, on what, and what traffic does. */

const rule = (changes: Partial<ApprovalRule>) => ({
  approvers: 1,
  requesterMayApprove: false,
  from: { roles: ["approver" as const], addresses: [], claims: [] },
  timeLimitMinutes: 60,
  onTimeLimit: "ROLLBACK" as const,
  ...changes,
});

let world: TestWorld;

beforeAll(async () => {
  const approvals = { release: rule({ approvers: 2 }), switch: rule({ approvers: 1 }) };
  world = await createTestWorld({
    sandbox: { speed: 10, ecs: { virtual: true } },
    application: { ...LIBRARY, requestLine: null, bakeMinutes: 0, approvals } as Partial<typeof LIBRARY>,
  });
});
afterAll(() => world.close());

beforeEach(async () => {
  const known = await world.runtime.store.findDeploymentInFlight("library");
  if (!known) return;
  await abortDeployment(world.as("operator"), { deploymentId: known.id });
  await untilDeployment(world, known.id, (d) => !isInFlight(d));
});

function someone(name: string, changes: Partial<Identity> = {}): Context {
  const identity: Identity = { id: `${name}@x.y`, name, role: "approver", via: "session", ...changes };
  return { runtime: world.runtime, identity, address: null };
}

async function receipt(to: SlotColor) {
  const result = await getReceipt(world.as("viewer"), "library", to);
  if (!result.ok) throw new Error(JSON.stringify(result));
  return result.value;
}

const standby = (): SlotColor =>
  world.runtime.observer.observation("library")?.traffic.live === "green" ? "blue" : "green";

async function waitingSwitch(): Promise<{ id: string; to: SlotColor; hash: string }> {
  const to = standby();
  return until(async () => {
    const ready = await receipt(to);
    if (ready.blockers.length > 0) return null;
    const started = await onFreshLook(() =>
      switchTraffic(world.as("operator"), { application: "library", to, receipt: ready.hash }),
    );
    if (started.ok) return { id: started.value.id, to, hash: ready.approvalHash };
    // The side may still be on its way to what it was before the test before this one.
    if (started.code === "RECEIPT_OUTDATED") return null;
    throw new Error(JSON.stringify(started));
  });
}

test("a switch that needs approval waits with its receipt, and goes on with the last approval until it is verified", async () => {
  world.sandbox.calls.resetJournal();
  const { id, to, hash } = await waitingSwitch();
  const waiting = await world.runtime.store.findDeployment(id);
  expect(waiting).toMatchObject({
    kind: "SWITCH",
    stage: "PRE_PRODUCTION_TRAFFIC_SHIFT",
    approval: { state: "waiting", given: 0, approvers: 1, subject: { to } },
  });
  // The click again is the same switch, and moves nothing.
  const again = await switchTraffic(world.as("operator"), {
    application: "library",
    to,
    receipt: (await receipt(to)).hash,
  });
  expect(again).toMatchObject({ ok: true, value: { id } });
  expect(world.shifts()).toBe(0);

  const done = await approveDeployment(someone("ada"), { deploymentId: id, receipt: hash, comment: "fine" });
  expect(done).toMatchObject({ ok: true, value: { approval: { state: "approved", given: 1 } } });
  const ended = await untilDeployment(world, id, (d) => !isInFlight(d));
  expect(ended.status).toBe("SUCCESSFUL");
  expect(world.shifts()).toBe(1);
  const row = (await world.runtime.store.listAudit({ actor: "ada@x.y" }, { limit: 1 })).items[0];
  expect(row).toMatchObject({ action: "deployment.approve", outcome: "done", receipt: hash, reason: "fine" });
});

test("what was approved is shifted by the ways in as they are then: an earlier rule for every request holds it", async () => {
  const elb = new ElasticLoadBalancingV2Client({
    ...{ region: world.sandbox.place.region, endpoint: world.sandbox.url, credentials: ADMINISTRATOR },
  });
  const { id, to, hash } = await waitingSwitch();
  const { traffic, slots } = await world.runtime.observer.refreshNow("library", { withWays: true });
  const { Rules = [] } = await elb.send(
    new CreateRuleCommand({
      ListenerArn: traffic.listenerOrRuleArn,
      Priority: 1,
      Conditions: [{ Field: "path-pattern", PathPatternConfig: { Values: ["/*"] } }],
      Actions: [{ Type: "forward", TargetGroupArn: slots[otherColor(to)].targetGroupArn }],
    }),
  );
  world.sandbox.calls.resetJournal();
  await approveDeployment(someone("ada"), { deploymentId: id, receipt: hash });
  const held = await untilDeployment(world, id, (d) => /Rule 1 comes first/.test(JSON.stringify(d)));
  await elb.send(new DeleteRuleCommand({ RuleArn: Rules[0]?.RuleArn }));
  elb.destroy();
  expect(world.shifts()).toBe(0);
  expect(held.proof).toBeNull();
});

test("an approval without its receipt, or on another, is refused with the fresh one", async () => {
  const { id, hash } = await waitingSwitch();
  const without = await approveDeployment(someone("ada"), { deploymentId: id });
  expect(without).toMatchObject({ ok: false, code: "RECEIPT_REQUIRED", extra: { receipt: { approvalHash: hash } } });
  const other = await approveDeployment(someone("ada"), { deploymentId: id, receipt: "0".repeat(64) });
  expect(other).toMatchObject({ ok: false, code: "RECEIPT_OUTDATED", extra: { receipt: { approvalHash: hash } } });
  expect((await world.runtime.store.findDeployment(id))?.approvals).toEqual([]);
});

test("two people at once, where one is enough: one moves it, the other is told that it is approved already", async () => {
  const { id, hash } = await waitingSwitch();
  world.sandbox.calls.resetJournal();
  const answers = await Promise.all(
    ["ada", "alex"].map((name) => approveDeployment(someone(name), { deploymentId: id, receipt: hash })),
  );
  expect(answers.map((answer) => (answer.ok ? "ok" : answer.code)).sort()).toEqual(["APPROVAL_NOT_NEEDED", "ok"]);
  await untilDeployment(world, id, (d) => !isInFlight(d));
  expect(world.shifts()).toBe(1);
});

test("one's own, without counting, as a token, and after a no: each has its own answer", async () => {
  const { id, hash } = await waitingSwitch();
  const ask = (ctx: Context) => approveDeployment(ctx, { deploymentId: id, receipt: hash });
  const own = {
    ...world.as("operator"),
    identity: { ...someone("operator").identity, id: "operator@sandbox.local" } as Identity,
  };
  expect(await ask(own)).toMatchObject({ ok: false, code: "OWN_DEPLOYMENT" });
  expect(await ask(someone("bot", { via: "token", role: "admin" }))).toMatchObject({
    ok: false,
    code: "APPROVER_NOT_COUNTED",
  });
  expect(await ask(world.as("operator"))).toMatchObject({ ok: false, code: "FORBIDDEN" });
  expect(await ask(world.as("viewer"))).toMatchObject({ ok: false, code: "FORBIDDEN" });
  const no = await rejectDeployment(someone("alex"), { deploymentId: id, comment: "Not today" });
  expect(no).toMatchObject({ ok: true, value: { approval: { state: "rejected" } } });
  expect(await ask(someone("ada"))).toMatchObject({ ok: false, code: "APPROVAL_REJECTED" });
  const ended = await untilDeployment(world, id, (d) => !isInFlight(d));
  expect(ended).toMatchObject({ status: "STOPPED", statusReason: "Rejected by alex: Not today" });
  expect(await ask(someone("ada"))).toMatchObject({ ok: false, code: "APPROVAL_REJECTED" });
});

/** The policy of switches as a test needs it; what is in flight keeps the one it began with. */
async function withSwitchRule(changes: Partial<ApprovalRule>, work: () => Promise<void>): Promise<void> {
  const application = world.runtime.observer.findApplication("library");
  if (!application) throw new Error("No application");
  const before = application.approvals;
  application.approvals = { release: null, switch: rule(changes) };
  try {
    await work();
  } finally {
    application.approvals = before;
  }
}

test(
  "after its time limit it ends with the old side live, and an approval is told that it is too late",
  () =>
    withSwitchRule({ timeLimitMinutes: 1 }, async () => {
      world.sandbox.calls.resetJournal();
      const { id, to, hash } = await waitingSwitch();
      const ended = await untilDeployment(world, id, (d) => !isInFlight(d), 60_000);
      expect(ended).toMatchObject({
        status: "STOPPED",
        approval: { state: "expired" },
        statusReason: "0 of 1 approval within 1 min",
      });
      expect(await approveDeployment(someone("ada"), { deploymentId: id, receipt: hash })).toMatchObject({
        ok: false,
        code: "APPROVAL_EXPIRED",
      });
      expect(world.shifts()).toBe(0);
      expect(standby()).toBe(to);
    }),
  90_000,
);

test(
  "an approval lapses when the listener changes behind it, and counts anew when it is given anew",
  () =>
    withSwitchRule({ approvers: 2 }, async () => {
      const { id, to, hash } = await waitingSwitch();
      const from = otherColor(to);
      const setWeights = (weight: number) =>
        fetch(`${world.sandbox.url}/_sandbox/listeners`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ listener: "library-alb:80", weights: { [from]: weight, [to]: 0 } }),
        });
      expect(await approveDeployment(someone("ada"), { deploymentId: id, receipt: hash })).toMatchObject({ ok: true });
      await setWeights(50);
      try {
        const asked = await untilDeployment(world, id, (d) => d.approvals[0]?.lapsed !== undefined);
        expect(asked.approvals[0]?.lapsed?.why).toMatch(/^the rule now holds (blue 50, green 0|blue 0, green 50)$/);
        expect(asked.approval).toMatchObject({ state: "waiting", given: 0 });
        // What ada had read is no longer what is asked.
        const old = await approveDeployment(someone("ada"), { deploymentId: id, receipt: hash });
        expect(old).toMatchObject({ ok: false, code: "RECEIPT_OUTDATED" });
        const { approvalHash } = await receipt(to);
        const anew = await approveDeployment(someone("ada"), { deploymentId: id, receipt: approvalHash });
        expect(anew).toMatchObject({ ok: true, value: { approval: { given: 1 } } });
      } finally {
        await setWeights(100);
      }
    }),
  90_000,
);

test("in quiet hours what is approved waits and nothing is started, but a rollback is made; after them it goes on", async () => {
  const application = world.runtime.observer.findApplication("library");
  if (!application) throw new Error("No application");
  const nights = { kind: "quietHours", name: "nights", from: 0, until: 4_000_000_000_000, timeZone: "UTC" } as const;
  const { id, hash } = await waitingSwitch();
  try {
    application.maintenanceWindow = () => nights;
    const pause = "PRE_PRODUCTION_TRAFFIC_SHIFT";
    expect(await approveDeployment(someone("ada"), { deploymentId: id, receipt: hash })).toMatchObject({ ok: true });
    await untilDeployment(world, id, (d) =>
      d.stages.some((each) => each.stage === pause && each.detail?.includes("Quiet hours nights, until 2096-10-02")),
    );
    application.maintenanceWindow = () => null;
    await untilDeployment(world, id, (d) => !isInFlight(d));
    application.maintenanceWindow = () => nights;
    const refused = await deploy(world.as("operator"), { application: "library", imageTag: "1.1.0" });
    expect(refused).toMatchObject({ ok: false, code: "QUIET_HOURS" });
    const back = await onFreshLook(() => rollBack(world.as("operator"), { application: "library" }));
    if (!back.ok) throw new Error(JSON.stringify(back));
    expect((await untilDeployment(world, back.value.id, (d) => !isInFlight(d))).status).toBe("SUCCESSFUL");
  } finally {
    delete application.maintenanceWindow;
  }
});

test("a release asks two people once it is ready, a click does not go round them, and the same person twice is once", async () => {
  const to = standby();
  const started = await onFreshLook(() =>
    deploy(world.as("operator"), {
      application: "library",
      imageTag: "1.1.0",
      source: { commit: "abc123", url: "https://git.example.com/c/abc123" },
    }),
  );
  if (!started.ok) throw new Error(JSON.stringify(started));
  const { id } = started.value;
  expect(started.value.source).toEqual({ commit: "abc123", url: "https://git.example.com/c/abc123" });
  const waiting = await untilDeployment(world, id, (d) => isAwaitingSwitch(d) && d.approval?.expiresAt !== null);
  expect(waiting.approval).toMatchObject({ state: "waiting", approvers: 2 });
  const { hash, approvalHash } = await receipt(to);
  const click = await switchTraffic(world.as("admin"), { application: "library", to, receipt: hash });
  expect(click).toMatchObject({ ok: false, code: "APPROVAL_REQUIRED" });

  const ask = (name: string) => approveDeployment(someone(name), { deploymentId: id, receipt: approvalHash });
  const twice = await Promise.all([ask("ada"), ask("ada")]);
  for (const each of twice)
    expect(each).toMatchObject({ ok: true, value: { approval: { given: 1, state: "waiting" } } });
  expect(await ask("alex")).toMatchObject({ ok: true, value: { approval: { given: 2, state: "approved" } } });
  const ended = await untilDeployment(world, id, (d) => !isInFlight(d));
  expect(ended.status).toBe("SUCCESSFUL");
  expect(ended.approvals.map((each) => each.actor)).toEqual(["ada@x.y", "alex@x.y"]);
});
