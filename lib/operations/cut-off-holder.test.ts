import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { Deployment } from "../domain/deployment/deployment.ts";
import { isInFlight } from "../domain/deployment/deployment.ts";
import { findPostgres } from "../testing/test-postgres.ts";
import { createReplicaWorld, LEASE_MS, type ReplicaWorld, until } from "../testing/test-replicas.ts";

/* A replica that is stopped for a while, and one that is cut off from PostgreSQL: what it knows is old when it comes back. */

const bin = findPostgres();

describe.skipIf(bin === null)("a replica that is away for longer than its lease", () => {
  let world: ReplicaWorld;
  beforeAll(async () => {
    world = await createReplicaWorld(bin ?? "");
  }, 120_000);
  afterAll(() => world.close());

  const greenRuns = async () => (await world.observe()).slots.green.revision?.taskDefinition;

  test.each(["stopped", "cut off from PostgreSQL"] as const)(
    "the holder is %s between its intent and its write for longer than the lease, and writes nothing when it comes back",
    async (how) => {
      const proxy = await startProxy(Number(new URL(world.postgres.url).port));
      onTestFinished(() => proxy.stop());
      const url = new URL(world.postgres.url);
      url.port = String(proxy.port);
      const [first, second] = await Promise.all([world.start({ databaseUrl: url.href }), world.start()]);
      await world.settle(second);
      world.cutOff("RegisterTaskDefinition", "answer");
      const id = await world.release(first);
      // The look before the write takes long from now on: it is cut off between the two.
      const on = { service: "ecs", operation: "DescribeServices", rate: 1, remaining: null, phase: "before" } as const;
      world.sandbox.faults.add({ ...on, kind: "latency", ms: 3_000 });
      await until("its intent is in the journal", async () =>
        (await world.store.listJournal(id)).some((entry) => entry.step === "startSide" && entry.phase === "intent"),
      );
      if (how === "stopped") first.process.kill("SIGSTOP");
      else proxy.cut();
      await world.untilTakenOver(second);
      world.sandbox.faults.clear();
      await until("the other has started the side", async () =>
        world.writes().some((call) => call.operation === "UpdateService" && call.error === null),
      );
      // All is put back: what the first one is about to write would be let through by its own look.
      expect(await second.ask("abort", { deploymentId: id })).toMatchObject({ ok: true });
      const ended = await world.untilStage(id, (d) => !isInFlight(d), `${id} ends`);
      const left = await greenRuns();
      const before = world.writes().length;
      if (how === "stopped") first.process.kill("SIGCONT");
      else proxy.mend();
      await until("the first one is back", async () => (await first.ask("snapshot")) !== null);
      const settled = Date.now() + LEASE_MS * 3;
      await until("three leases have passed", async () => Date.now() > settled);
      expect(world.writes().slice(before)).toEqual([]);
      // Nor did it write before: what it cannot journal, it did not do.
      const journaled = (await world.store.listJournal(id)).map((entry) => entry.awsRequestId);
      const unknown = world.writes().filter((call) => call.error === null && !journaled.includes(call.requestId));
      // The registration, whose answer was in time for the journal of whoever asked, is there; an update must be, too.
      expect(unknown.filter((call) => call.operation === "UpdateService")).toEqual([]);
      expect(await greenRuns()).toBe(left);
      expect(await world.store.findDeployment(id)).toEqual(ended);
    },
    120_000,
  );

  test.each(["after the write was answered", "before the answer of the write"] as const)(
    "a rollback made while PostgreSQL is stopped survives a SIGKILL %s, and is recorded once when both are back",
    async (when) => {
      const writeAheadLogPath = join(world.directory, `kept-${when.length}.jsonl`);
      const first = await world.start({ writeAheadLogPath });
      await world.settle(first);
      await until("the switch is taken", async () => (await first.ask("switch", { to: "green" })).ok);
      await until(
        "it has ended",
        async () =>
          (await world.store.findLastFinished("library"))?.status === "SUCCESSFUL" &&
          !(await world.store.findDeploymentInFlight("library")),
      );
      await until("it is remembered", async () => {
        const snapshot = (await first.ask("snapshot")) as unknown as {
          lastDeployment: Deployment | null;
          deployment: Deployment | null;
        };
        return snapshot.deployment === null && snapshot.lastDeployment?.to === "green";
      });
      world.sandbox.calls.resetJournal();
      await world.postgres.halt();
      const isAnswered = when.startsWith("after");
      if (isAnswered) {
        const back = await first.ask("rollback", { reason: "slow" });
        expect(back).toMatchObject({ ok: true, value: { late: true, kind: "ROLLBACK" } });
      } else {
        world.sandbox.faults.add({
          service: "elbv2",
          operation: "ModifyListener",
          kind: "timeout",
          rate: 1,
          ms: 30_000,
          remaining: 1,
          phase: "after",
        });
        void first.ask("rollback", { reason: "slow" });
        await until("the write took effect", async () => world.done("ModifyListener").length === 1);
      }
      await first.kill();
      world.sandbox.faults.clear();
      expect(await world.live()).toEqual({ blue: 100, green: 0 });
      await world.postgres.resume();
      await world.start({ writeAheadLogPath });
      const recorded = await until("it is recorded", async () => {
        const last = await world.store.findLastFinished("library");
        return last?.late ? last : null;
      });
      expect(recorded).toMatchObject({ kind: "ROLLBACK", status: "SUCCESSFUL", to: "blue", reason: "slow" });
      await world.expectJournalClosed(recorded.id);
      const audits = (await world.store.listAudit({ action: "deployment.rollback" }, { limit: 50 })).items;
      expect(audits.filter((row) => row.deploymentId === recorded.id)).toHaveLength(1);
      expect(world.done("ModifyListener")).toHaveLength(1);
      expect(await world.live()).toEqual({ blue: 100, green: 0 });
    },
    120_000,
  );
});

/** Forwards to PostgreSQL until it is cut: then nothing comes through, and nobody is told. */
async function startProxy(port: number) {
  let isCut = false;
  const pairs = new Set<[Socket, Socket]>();
  const server = createServer((near) => {
    const far = connect(port, "127.0.0.1");
    pairs.add([near, far]);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      from.on("error", () => to.destroy());
      from.on("close", () => to.destroy());
      from.pipe(to);
    }
    if (isCut) pause(near, far);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const pause = (near: Socket, far: Socket) => {
    near.unpipe(far).pause();
    far.unpipe(near).pause();
  };
  return {
    port: typeof address === "object" && address ? address.port : 0,
    cut() {
      isCut = true;
      for (const [near, far] of pairs) pause(near, far);
    },
    mend() {
      isCut = false;
      for (const [near, far] of pairs) {
        near.pipe(far);
        far.pipe(near);
      }
    },
    stop() {
      for (const [near, far] of pairs) for (const socket of [near, far]) socket.destroy();
      server.close();
    },
  };
}
