import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isInFlight } from "../domain/deployment/deployment.ts";
import type { SlotColor } from "../domain/observation/slot.ts";
import type { Receipt } from "../domain/snapshot/receipt.ts";
import { findPostgres } from "../testing/test-postgres.ts";
import type { Question } from "../testing/test-replica.ts";
import type { Replica } from "../testing/test-replica-process.ts";
import { APPLICATION, createReplicaWorld, type ReplicaWorld, until } from "../testing/test-replicas.ts";

/* What a person asks of a replica that does not act, which may die before it answers. */

const bin = findPostgres();

describe.skipIf(bin === null)("a request that another replica takes", () => {
  let world: ReplicaWorld;
  beforeAll(async () => {
    world = await createReplicaWorld(bin ?? "");
  }, 120_000);
  afterAll(() => world.close());

  test("is done by the one that holds the lease, once", async () => {
    const [first, second] = await Promise.all([world.start(), world.start()]);
    await world.settle(first);
    const id = await world.releaseUpTo(first, "PRE_PRODUCTION_TRAFFIC_SHIFT");
    await world.expectHolder(first);
    await world.untilSwitched(second);
    const again = await Promise.all([first.ask("switch", { to: "green" }), second.ask("switch", { to: "green" })]);
    for (const answer of again) expect(answer).toMatchObject({ ok: true, value: { id } });
    await world.untilStage(id, (d) => d.stage === "BAKE_TIME", `${id} bakes`);
    expect(world.done("ModifyListener")).toHaveLength(1);
    await world.expectHolder(first);

    const back = await second.ask("rollback", { reason: "slow" });
    expect(back).toMatchObject({ ok: true, value: { id, status: "ROLLBACK_REQUESTED" } });
    await world.untilStage(id, (d) => d.status === "ROLLBACK_SUCCESSFUL", `${id} is rolled back`);
    expect(await world.live()).toEqual({ blue: 100, green: 0 });
    expect(world.done("ModifyListener")).toHaveLength(2);
    await expectAskedOnce(id, "switch");
    await expectAskedOnce(id, "rollback");
  }, 120_000);

  test("to switch or roll back is answered with its deployment when it is asked again with its key, however far that is by then", async () => {
    const dying = { diesAfterRequest: true };
    const [holder, second, third] = await Promise.all([world.start(), world.start(dying), world.start(dying)]);
    await world.settle(holder);
    const id = await world.releaseUpTo(holder, "PRE_PRODUCTION_TRAFFIC_SHIFT");
    const switching = await askAndLose(second, "switch", async () => {
      const { hash } = await receiptOf(second, "green");
      return { to: "green", receipt: hash, idempotencyKey: "one-switch" };
    });
    await world.untilStage(id, (d) => d.stage === "BAKE_TIME", `${id} bakes`);
    expect(await holder.ask("switch", switching)).toMatchObject({ ok: true, value: { id, stage: "BAKE_TIME" } });
    expect(world.done("ModifyListener")).toHaveLength(1);

    const back = await askAndLose(third, "rollback", async () => ({ reason: "slow", idempotencyKey: "one-rollback" }));
    await world.untilStage(id, (d) => d.status === "ROLLBACK_SUCCESSFUL", `${id} is rolled back`);
    const ended = { ok: true, value: { id, status: "ROLLBACK_SUCCESSFUL" } };
    expect(await holder.ask("rollback", back)).toMatchObject(ended);
    expect(await holder.ask("switch", switching)).toMatchObject(ended);
    expect(await world.live()).toEqual({ blue: 100, green: 0 });
    expect(world.done("ModifyListener")).toHaveLength(2);
    await expectAskedOnce(id, "switch");
    await expectAskedOnce(id, "rollback");
    await world.expectJournalClosed(id);
  }, 120_000);

  test("to abort is answered with its deployment when it is asked again, also once that has ended", async () => {
    const [holder, second] = await Promise.all([world.start(), world.start({ diesAfterRequest: true })]);
    await world.settle(holder);
    const id = await world.releaseUpTo(holder, "PRE_PRODUCTION_TRAFFIC_SHIFT");
    const aborting = await askAndLose(second, "abort", async () => ({ deploymentId: id, comment: "not today" }));
    await world.untilStage(id, (d) => d.status === "STOPPED", `${id} stops`);
    expect(await holder.ask("abort", aborting)).toMatchObject({ ok: true, value: { id, status: "STOPPED" } });
    expect(await world.live()).toEqual({ blue: 100, green: 0 });
    expect(world.done("ModifyListener")).toEqual([]);
    await expectAskedOnce(id, "abort");
    await world.expectJournalClosed(id);
  }, 120_000);

  test("for the side that a replica is stopping meanwhile does not rest on a look from before", async () => {
    const applications = [{ ...APPLICATION, windowMinutes: 0 }];
    const [first, second] = await Promise.all([
      // One that seldom looks for what others were asked, as outside tests.
      world.start({ applications, isAsOutsideTests: true }),
      world.start({ applications }),
    ]);
    await world.settle(first);
    const id = await world.untilSwitched(first);
    await world.untilStage(id, (d) => d.status === "SUCCESSFUL", `${id} ends`);
    await until("blue could take traffic", async () => (await receiptOf(second, "blue")).blockers.length === 0);
    const write = world.cutOff("UpdateService", "answer");
    await until("the old side is being stopped", async () => (await first.ask("retire", { deploymentId: id })).ok);
    await write.isSent();
    const back = await second.ask("switch", { to: "blue" });
    if (!back.ok) throw new Error(back.message);
    // Until the old side is stopped, the second one cannot see for itself what the first one does.
    const slow = { kind: "latency", rate: 1, ms: 3_000, remaining: null, phase: "before" } as const;
    world.sandbox.faults.add({ ...slow, service: "ecs", operation: "DescribeServices" });
    world.sandbox.faults.add({ ...slow, service: "elbv2", operation: "DescribeTargetHealth" });
    await world.expectJournalClosed(id);
    world.sandbox.faults.clear();
    const ended = await world.untilStage(back.value.id, (d) => !isInFlight(d), `${back.value.id} ends`);
    expect(ended).toMatchObject({ status: "STOPPED", statusReason: expect.stringContaining("Not shifted: blue") });
    expect(await world.live()).toEqual({ blue: 0, green: 100 });
    expect(world.scaledToZero()).toEqual([APPLICATION.blue.service]);
  }, 120_000);

  async function receiptOf(replica: Replica, to: SlotColor): Promise<Receipt> {
    const receipt = await replica.ask("receipt", { to });
    if (!receipt.ok) throw new Error(receipt.message);
    return receipt.value as unknown as Receipt;
  }

  /** Asks until the replica has taken the request, which kills it; answers what was asked. */
  async function askAndLose(
    replica: Replica,
    ask: Question["ask"],
    input: () => Promise<Record<string, unknown>>,
  ): Promise<Record<string, unknown>> {
    const killed = once(replica.process, "exit").then(() => "killed" as const);
    return until(`${ask} is taken`, async () => {
      const asked = await input();
      return (await Promise.race([replica.ask(ask, asked), killed])) === "killed" ? asked : null;
    });
  }

  async function expectAskedOnce(id: string, step: string): Promise<void> {
    const journal = await world.store.listJournal(id);
    expect(journal.filter((entry) => entry.step === step)).toHaveLength(1);
  }
});
