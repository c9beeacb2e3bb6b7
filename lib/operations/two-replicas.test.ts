import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { createSandbox, type Sandbox } from "../../sandbox/sandbox.ts";
import { type Aws, createAws } from "../aws/aws.ts";
import { resolveApplication } from "../aws/resolve.ts";
import { applicationSchema } from "../config/application-config.ts";
import type { Controller } from "../controllers/controller.ts";
import { createControllers } from "../controllers/registry.ts";
import type { Application } from "../domain/application.ts";
import type { Deployment, Stage } from "../domain/deployment.ts";
import { isInFlight } from "../domain/deployment.ts";
import { createStore } from "../store/create-store.ts";
import type { Store } from "../store/store.ts";
import { findPostgres, startPostgres } from "../store/test-postgres.ts";
import type { Operated } from "./operate.ts";
import type { Question, ReplicaSettings } from "./test-replica.ts";

/* Two replicas, each a process of its own, on one real PostgreSQL server; the sandbox's record of writes is the judge. */

const bin = findPostgres();
/** A short lease, so that a takeover is quick; the real one has a test of its own. */
const LEASE_MS = 2_500;
const APPLICATION = {
  name: "library",
  cluster: "library-management-cluster",
  listener: { loadBalancer: "library-alb", port: 80 },
  blue: { service: "library-blue-service", targetGroup: "library-blue-tg" },
  green: { service: "library-green-service", targetGroup: "library-green-tg" },
  container: "library",
  repository: "library-management-system",
  logGroup: "/ecs/library-management-task",
  bakeMinutes: 1,
  requestLine: null,
};

interface Replica {
  holder: string;
  process: ChildProcess;
  ask(ask: Question["ask"], input?: Record<string, unknown>): Promise<Operated>;
  kill(): Promise<void>;
}

describe.skipIf(bin === null)("two replicas on one PostgreSQL", () => {
  let postgres: Awaited<ReturnType<typeof startPostgres>>;
  let store: Store;
  let sandbox: Sandbox;
  /** For looking only. */
  let aws: { client: Aws; controller: Controller; application: Application };
  const directory = mkdtempSync(join(tmpdir(), "switchyard-replicas-"));
  const replicas = new Set<Replica>();
  let started = 0;

  beforeAll(async () => {
    postgres = await startPostgres(bin ?? "");
    store = await createStore({ databaseUrl: postgres.url });
    sandbox = await createSandbox({ seed: "paired", speed: 10, throttling: false, ecs: { virtual: true } });
    process.env.AWS_ACCESS_KEY_ID ??= "test";
    process.env.AWS_SECRET_ACCESS_KEY ??= "test";
    const client = createAws({ region: sandbox.place.region, endpoint: sandbox.url });
    const controller = createControllers(client)["paired-services"];
    if (!controller) throw new Error("There is no controller");
    aws = { client, controller, application: await resolveApplication(client, applicationSchema.parse(APPLICATION)) };
  }, 120_000);
  afterAll(async () => {
    for (const replica of replicas) await replica.kill();
    aws.client.destroy();
    await store.close();
    await sandbox.close();
    await postgres.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  async function start(more: Partial<ReplicaSettings> = {}): Promise<Replica> {
    started += 1;
    sandbox.faults.clear();
    const settings: ReplicaSettings = {
      holder: `replica-${started}`,
      databaseUrl: postgres.url,
      endpoint: sandbox.url,
      spoolPath: join(directory, `late-${started}.jsonl`),
      applications: [APPLICATION],
      leaseMs: LEASE_MS,
      ...more,
    };
    const child = spawn(
      process.execPath,
      ["--conditions=react-server", new URL("./test-replica.ts", import.meta.url).pathname, JSON.stringify(settings)],
      {
        stdio: ["pipe", "pipe", process.env.REPLICA_ERRORS ? "inherit" : "ignore"],
        env: { ...process.env, AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" },
      },
    );
    const waiting = new Map<number, (answer: Operated) => void>();
    let asked = 0;
    if (!child.stdout) throw new Error("no output");
    createInterface({ input: child.stdout }).on("line", (line) => {
      if (!line.startsWith('{"id"')) return;
      const { id, answer } = JSON.parse(line) as { id: number; answer: Operated };
      waiting.get(id)?.(answer);
    });
    const replica: Replica = {
      holder: settings.holder,
      process: child,
      ask: (ask, input = {}) =>
        new Promise((resolve) => {
          asked += 1;
          waiting.set(asked, resolve);
          const question: Question = { id: asked, ask, input: { application: "library", ...input } };
          child.stdin?.write(`${JSON.stringify(question)}\n`);
        }),
      async kill() {
        replicas.delete(replica);
        if (child.exitCode !== null || child.signalCode !== null) return;
        const ended = once(child, "exit");
        child.kill("SIGKILL");
        await ended;
      },
    };
    replicas.add(replica);
    onTestFinished(() => replica.kill());
    await until("the replica has looked at AWS", async () => (await replica.ask("snapshot")) !== null);
    return replica;
  }

  async function until<T>(
    what: string,
    look: () => Promise<T>,
    { withinMs = 60_000, everyMs = 50 }: { withinMs?: number; everyMs?: number } = {},
  ): Promise<NonNullable<T>> {
    const end = Date.now() + withinMs;
    for (;;) {
      const value = await look().catch(() => null);
      if (value) return value as NonNullable<T>;
      if (Date.now() > end) throw new Error(`Waited ${withinMs / 1000} s for: ${what}`);
      await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
  }

  const untilStage = (id: string, isThere: (deployment: Deployment) => boolean, what: string) =>
    until(what, async () => {
      const found = await store.findDeployment(id);
      return found && isThere(found) ? found : null;
    });
  /** Who may act now; null while nobody may. A lease that cannot be taken answers null, so a far future tells nothing: it is read. */
  const holderOf = () => leaseHolder(postgres.url);
  const writes = () => sandbox.calls.journal();
  const shifts = () => writes().filter((call) => call.operation === "ModifyListener" && call.error === null);
  const live = async () => (await aws.controller.readWeights(aws.application)).weights;

  const greenRuns = async () => (await aws.controller.observe(aws.application)).slots.green.revision?.taskDefinition;

  /** Ends what is in flight and brings all back to blue, both sides warm. */
  async function settle(replica: Replica): Promise<void> {
    sandbox.faults.clear();
    for (const { id } of await store.listDeploymentsInFlight()) {
      await replica.ask("abort", { deploymentId: id });
      await untilStage(id, (d) => !isInFlight(d), `${id} ends`);
    }
    sandbox.elb.controls.setWeights("library-alb:80", { "library-blue-tg": 100, "library-green-tg": 0 });
    await until("both sides are warm", async () => {
      const snapshot = (await replica.ask("snapshot")) as unknown as {
        slots: Record<string, { counts: { healthy: number; desired: number } }>;
        traffic: { live: string };
      };
      return (
        snapshot.traffic.live === "blue" &&
        Object.values(snapshot.slots).every(({ counts }) => counts.healthy >= 2 && counts.desired === 2)
      );
    });
    sandbox.calls.resetJournal();
  }

  /** Starts a release through this replica and waits until it stands at the stage. */
  async function releaseUpTo(replica: Replica, stage: Stage): Promise<string> {
    slow(stage);
    const begun = await replica.ask("deploy", { imageTag: "1.1.0" });
    if (!begun.ok) throw new Error(begun.message);
    const { id } = begun.value;
    if (BEFORE_SWITCH.includes(stage)) {
      await untilStage(id, (d) => d.stage === stage, `${id} reaches ${stage}`);
      return id;
    }
    await untilStage(id, (d) => d.stage === "PRE_PRODUCTION_TRAFFIC_SHIFT", `${id} waits`);
    await until("the switch is taken", async () => (await replica.ask("switch", { to: "green" })).ok);
    await untilStage(id, (d) => d.stage === stage, `${id} reaches ${stage}`);
    return id;
  }

  const BEFORE_SWITCH: readonly Stage[] = ["PRE_SCALE_UP", "SCALE_UP", "POST_SCALE_UP", "PRE_PRODUCTION_TRAFFIC_SHIFT"];

  /** Makes the call of a stage slow, so that the stage can be met. */
  function slow(stage: Stage, ms = 1_500): void {
    const operation = {
      PRE_SCALE_UP: "RegisterTaskDefinition",
      SCALE_UP: "UpdateService",
      PRODUCTION_TRAFFIC_SHIFT: "ModifyListener",
    };
    const on = operation[stage as keyof typeof operation];
    if (!on) return;
    const service = on === "ModifyListener" ? "elbv2" : "ecs";
    sandbox.faults.add({ service, operation: on, kind: "latency", rate: 1, ms, remaining: 1, phase: "before" });
  }

  test.each<Stage>([
    "PRE_SCALE_UP",
    "SCALE_UP",
    "POST_SCALE_UP",
    "PRE_PRODUCTION_TRAFFIC_SHIFT",
    "PRODUCTION_TRAFFIC_SHIFT",
    "BAKE_TIME",
  ])(
    "the holder is killed in %s, and the other goes on and does nothing twice",
    async (stage) => {
      const [first, second] = await Promise.all([start(), start()]);
      await settle(second);
      const id = await releaseUpTo(first, stage);
      await first.kill();
      await until("the other holds the lease", async () => (await holderOf()) === second.holder, { withinMs: 15_000 });
      await untilStage(
        id,
        (d) => d.stage === "PRE_PRODUCTION_TRAFFIC_SHIFT" || !BEFORE_SWITCH.includes(d.stage),
        "it goes on",
      );
      if (BEFORE_SWITCH.includes(stage))
        await until("the switch is taken", async () => (await second.ask("switch", { to: "green" })).ok);
      await untilStage(id, (d) => d.stage === "BAKE_TIME", `${id} bakes`);
      expect(await live()).toEqual({ blue: 0, green: 100 });
      expect(shifts()).toHaveLength(1);
      expect(
        writes().filter((call) => call.operation === "RegisterTaskDefinition" && call.error === null),
      ).toHaveLength(1);
      await expectJournalClosed(id);
    },
    120_000,
  );

  test("what is asked of a replica that does not hold the lease is done by the one that does, once", async () => {
    const [first, second] = await Promise.all([start(), start()]);
    await settle(first);
    const id = await releaseUpTo(first, "PRE_PRODUCTION_TRAFFIC_SHIFT");
    expect(await holderOf()).toBe(first.holder);
    await until("the switch is taken", async () => (await second.ask("switch", { to: "green" })).ok);
    const again = await Promise.all([first.ask("switch", { to: "green" }), second.ask("switch", { to: "green" })]);
    for (const answer of again) expect(answer).toMatchObject({ ok: true, value: { id } });
    await untilStage(id, (d) => d.stage === "BAKE_TIME", `${id} bakes`);
    expect(shifts()).toHaveLength(1);
    expect(await holderOf()).toBe(first.holder);

    const back = await second.ask("rollback", { reason: "slow" });
    expect(back).toMatchObject({ ok: true, value: { id, status: "ROLLBACK_REQUESTED" } });
    await untilStage(id, (d) => d.status === "ROLLBACK_SUCCESSFUL", `${id} is rolled back`);
    expect(await live()).toEqual({ blue: 100, green: 0 });
    expect(shifts()).toHaveLength(2);
    const journal = await store.listJournal(id);
    expect(journal.filter((entry) => entry.step === "switch")).toHaveLength(1);
    expect(journal.filter((entry) => entry.step === "rollback")).toHaveLength(1);
  }, 120_000);

  test.each(["stopped", "cut off from PostgreSQL"] as const)(
    "the holder is %s between its intent and its write for longer than the lease, and writes nothing when it comes back",
    async (how) => {
      const proxy = await startProxy(Number(new URL(postgres.url).port));
      onTestFinished(() => proxy.stop());
      const url = new URL(postgres.url);
      url.port = String(proxy.port);
      const [first, second] = await Promise.all([start({ databaseUrl: url.href }), start()]);
      await settle(second);
      slow("PRE_SCALE_UP");
      const begun = await first.ask("deploy", { imageTag: "1.1.0" });
      if (!begun.ok) throw new Error(begun.message);
      const { id } = begun.value;
      // The look before the write takes long from now on: it is cut off between the two.
      const on = { service: "ecs", operation: "DescribeServices", rate: 1, remaining: null, phase: "before" } as const;
      sandbox.faults.add({ ...on, kind: "latency", ms: 3_000 });
      await until("its intent is in the journal", async () =>
        (await store.listJournal(id)).some((entry) => entry.step === "startSide" && entry.phase === "intent"),
      );
      if (how === "stopped") first.process.kill("SIGSTOP");
      else proxy.cut();
      await until("the other holds the lease", async () => (await holderOf()) === second.holder, { withinMs: 15_000 });
      sandbox.faults.clear();
      await until("the other has started the side", async () =>
        writes().some((call) => call.operation === "UpdateService" && call.error === null),
      );
      // All is put back: what the first one is about to write would be let through by its own look.
      expect(await second.ask("abort", { deploymentId: id })).toMatchObject({ ok: true });
      const ended = await untilStage(id, (d) => !isInFlight(d), `${id} ends`);
      const left = await greenRuns();
      const before = writes().length;
      if (how === "stopped") first.process.kill("SIGCONT");
      else proxy.mend();
      await until("the first one is back", async () => (await first.ask("snapshot")) !== null);
      const settled = Date.now() + LEASE_MS * 3;
      await until("three leases have passed", async () => Date.now() > settled);
      expect(writes().slice(before)).toEqual([]);
      // Nor did it write before: what it cannot journal, it did not do.
      const journaled = (await store.listJournal(id)).map((entry) => entry.awsRequestId);
      const unknown = writes().filter((call) => call.error === null && !journaled.includes(call.requestId));
      // The registration, whose answer was in time for the journal of whoever asked, is there; an update must be, too.
      expect(unknown.filter((call) => call.operation === "UpdateService")).toEqual([]);
      expect(await greenRuns()).toBe(left);
      expect(await store.findDeployment(id)).toEqual(ended);
    },
    120_000,
  );

  test("with the lease as it is outside tests, another replica goes on", async () => {
    const [first, second] = await Promise.all([start({ leaseMs: undefined }), start({ leaseMs: undefined })]);
    await settle(second);
    const id = await releaseUpTo(first, "POST_SCALE_UP");
    await first.kill();
    await untilStage(id, (d) => d.stage === "PRE_PRODUCTION_TRAFFIC_SHIFT", "the other goes on");
    await until("the other holds the lease", async () => (await holderOf()) === second.holder);
  }, 120_000);

  test.each(["after the write was answered", "before the answer of the write"] as const)(
    "a rollback made while PostgreSQL is stopped survives a SIGKILL %s, and is recorded once when both are back",
    async (when) => {
      const spoolPath = join(directory, `kept-${when.length}.jsonl`);
      const first = await start({ spoolPath });
      await settle(first);
      await until("the switch is taken", async () => (await first.ask("switch", { to: "green" })).ok);
      await until(
        "it has ended",
        async () =>
          (await store.findLastFinished("library"))?.status === "SUCCESSFUL" &&
          !(await store.findDeploymentInFlight("library")),
      );
      await until("it is remembered", async () => {
        const snapshot = (await first.ask("snapshot")) as unknown as {
          lastDeployment: Deployment | null;
          deployment: Deployment | null;
        };
        return snapshot.deployment === null && snapshot.lastDeployment?.to === "green";
      });
      sandbox.calls.resetJournal();
      await postgres.halt();
      const isAnswered = when.startsWith("after");
      if (isAnswered) {
        const back = await first.ask("rollback", { reason: "slow" });
        expect(back).toMatchObject({ ok: true, value: { late: true, kind: "ROLLBACK" } });
      } else {
        sandbox.faults.add({
          service: "elbv2",
          operation: "ModifyListener",
          kind: "timeout",
          rate: 1,
          ms: 30_000,
          remaining: 1,
          phase: "after",
        });
        void first.ask("rollback", { reason: "slow" });
        await until("the write took effect", async () => shifts().length === 1);
      }
      await first.kill();
      sandbox.faults.clear();
      expect(await live()).toEqual({ blue: 100, green: 0 });
      await postgres.resume();
      await start({ spoolPath });
      const recorded = await until("it is recorded", async () => {
        const last = await store.findLastFinished("library");
        return last?.late ? last : null;
      });
      expect(recorded).toMatchObject({ kind: "ROLLBACK", status: "SUCCESSFUL", to: "blue", reason: "slow" });
      await expectJournalClosed(recorded.id);
      const audits = (await store.listAudit({ action: "deployment.rollback" }, { limit: 50 })).items;
      expect(audits.filter((row) => row.deploymentId === recorded.id)).toHaveLength(1);
      expect(shifts()).toHaveLength(1);
      expect(await live()).toEqual({ blue: 100, green: 0 });
    },
    120_000,
  );

  async function expectJournalClosed(id: string): Promise<void> {
    await until("every intent has an outcome", async () => {
      const journal = await store.listJournal(id);
      return journal
        .filter((entry) => entry.phase === "intent")
        .every((intent) =>
          journal.some(
            (entry) =>
              entry.sequence > intent.sequence &&
              entry.step === intent.step &&
              (entry.phase === "done" || entry.phase === "failed"),
          ),
        );
    });
  }
});

/** Who holds the application's lease, whether or not it has run out. */
async function leaseHolder(databaseUrl: string): Promise<string | null> {
  const { default: pg } = await import("pg");
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query("select holder from leases where application = 'library'");
    return rows[0]?.holder ?? null;
  } finally {
    await client.end();
  }
}

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
