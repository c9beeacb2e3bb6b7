import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished } from "vitest";
import { createSandbox, type Sandbox } from "../../sandbox/sandbox.ts";
import { createAws } from "../aws/aws.ts";
import { applicationSchema } from "../config/application-config.ts";
import { createControllers } from "../controllers/registry.ts";
import type { Deployment, Stage } from "../domain/deployment/deployment.ts";
import { isInFlight } from "../domain/deployment/deployment.ts";
import type { Weights } from "../domain/observation/traffic.ts";
import { resolveApplication } from "../resolve/resolve-application.ts";
import { createStore } from "../store/create-store.ts";
import type { Store } from "../store/store.ts";
import { LIBRARY_SETTINGS } from "./library-settings.ts";
import { SHIPPED_POLICY } from "./shipped-policy.ts";
import { readLeaseHolder, startPostgres } from "./test-postgres.ts";
import type { ReplicaSettings } from "./test-replica.ts";
import { type Replica, spawnReplica } from "./test-replica-process.ts";

/** A short lease, so that a takeover is quick; the real one has a test of its own. */
export const LEASE_MS = 2_500;

/** The one application of the sandbox's paired world. */
export const APPLICATION = {
  ...LIBRARY_SETTINGS,
  logGroup: "/ecs/library-management-task",
  bakeMinutes: 1,
  requestLine: null as string | null,
};

/** Its test listener, for those who configure it. */
export const testListener = { loadBalancer: "library-alb", port: 81 };

export const BEFORE_SWITCH: readonly Stage[] = [
  "PRE_SCALE_UP",
  "SCALE_UP",
  "POST_SCALE_UP",
  "TEST_TRAFFIC_SHIFT",
  "POST_TEST_TRAFFIC_SHIFT",
  "PRE_PRODUCTION_TRAFFIC_SHIFT",
];

/** Replicas, each a process of its own, on one PostgreSQL server; the sandbox's record of writes is the judge. */
export type ReplicaWorld = Awaited<ReturnType<typeof createReplicaWorld>>;

/** Starts server and sandbox, without a replica yet. `bin` is where PostgreSQL's programs are. */
export async function createReplicaWorld(bin: string) {
  process.env.AWS_ACCESS_KEY_ID ??= "test";
  process.env.AWS_SECRET_ACCESS_KEY ??= "test";
  const postgres = await startPostgres(bin);
  const store: Store = await createStore({ databaseUrl: postgres.url });
  const sandbox: Sandbox = await createSandbox({
    seed: "paired",
    speed: 10,
    throttling: false,
    policy: SHIPPED_POLICY,
    ecs: { virtual: true },
  });
  const client = createAws({ region: sandbox.place.region, endpoint: sandbox.url });
  const controller = createControllers(client)["paired-services"];
  if (!controller) throw new Error("There is no controller");
  const application = await resolveApplication(client, applicationSchema.parse({ ...APPLICATION, testListener }));
  const directory = mkdtempSync(join(tmpdir(), "switchyard-replicas-"));
  const replicas = new Set<Replica>();
  let started = 0;

  async function start(more: Partial<ReplicaSettings> = {}): Promise<Replica> {
    started += 1;
    sandbox.faults.clear();
    const hasTest = (more.applications ?? []).some((each) => "testListener" in each);
    // Where nothing of the configuration names it, it would be a way in that keeps green from ever being replaced.
    setWeights(81, { blue: 0, green: hasTest ? 100 : 0 });
    const replica = spawnReplica({
      holder: `replica-${started}`,
      databaseUrl: postgres.url,
      endpoint: sandbox.url,
      writeAheadLogPath: join(directory, `late-${started}.jsonl`),
      applications: [APPLICATION],
      leaseMs: LEASE_MS,
      ...more,
    });
    replicas.add(replica);
    onTestFinished(() => replica.kill());
    await until("the replica has looked at AWS", async () => (await replica.ask("snapshot")) !== null);
    return replica;
  }

  const untilStage = (id: string, isThere: (deployment: Deployment) => boolean, what: string) =>
    until(what, async () => {
      const found = await store.findDeployment(id);
      return found && isThere(found) ? found : null;
    });

  const writes = () => sandbox.calls.journal();
  const done = (operation: string) => writes().filter((call) => call.operation === operation && call.error === null);

  /** Ends what is in flight and brings all back to blue, both sides warm. */
  async function settle(replica: Replica): Promise<void> {
    sandbox.faults.clear();
    for (const { id } of await store.listDeploymentsInFlight()) {
      const answer = await replica.ask("abort", { deploymentId: id });
      if (!answer.ok && answer.code === "INVALID_INPUT") throw new Error(answer.message);
      await untilStage(id, (d) => !isInFlight(d), `${id} ends`);
    }
    setWeights(80, { blue: 100, green: 0 });
    for (const slot of ["blue", "green"] as const) await controller?.scaleSide(application, slot, 2);
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

  function setWeights(port: 80 | 81, { blue, green }: Weights): void {
    sandbox.elb.controls.setWeights(`library-alb:${port}`, { "library-blue-tg": blue, "library-green-tg": green });
  }

  /** Begins a release through this replica. */
  async function release(replica: Replica): Promise<string> {
    const begun = await replica.ask("deploy", { imageTag: "1.1.0" });
    if (!begun.ok) throw new Error(begun.message);
    return begun.value.id;
  }

  /** Asks for the switch to green until it is taken; answers the deployment's id. */
  const untilSwitched = (replica: Replica) =>
    until("the switch is taken", async () => {
      const answer = await replica.ask("switch", { to: "green" });
      return answer.ok ? answer.value.id : null;
    });

  /** Starts a release through this replica and waits until it stands at the stage. */
  async function releaseUpTo(replica: Replica, stage: Stage): Promise<string> {
    const operation = {
      PRE_SCALE_UP: "RegisterTaskDefinition",
      SCALE_UP: "UpdateService",
      TEST_TRAFFIC_SHIFT: "ModifyListener",
      PRODUCTION_TRAFFIC_SHIFT: "ModifyListener",
    }[stage as string];
    if (operation) cutOff(operation, "answer");
    const id = await release(replica);
    if (!BEFORE_SWITCH.includes(stage)) {
      await untilStage(id, (d) => d.stage === "PRE_PRODUCTION_TRAFFIC_SHIFT", `${id} waits`);
      await untilSwitched(replica);
    }
    await untilStage(id, (d) => d.stage === stage, `${id} reaches ${stage}`);
    return id;
  }

  /** Makes the next such call slow, so that its process can be killed within: it takes effect then (its answer is lost), or never. */
  function cutOff(operation: string, lost: "answer" | "request"): { isSent(): Promise<unknown> } {
    const service = operation === "ModifyListener" ? "elbv2" : "ecs";
    const on = { service, operation, rate: 1, remaining: 1, phase: "before" } as const;
    const how =
      lost === "answer" ? ({ kind: "latency", ms: 1_500 } as const) : ({ kind: "timeout", ms: 30_000 } as const);
    const fault = sandbox.faults.add({ ...on, ...how });
    return { isSent: () => until(`${operation} is sent`, async () => fault.hits > 0, { everyMs: 10 }) };
  }

  async function expectJournalClosed(id: string): Promise<void> {
    await until(
      "every intent has an outcome",
      async () => {
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
      },
      { withinMs: 15_000 },
    );
  }

  return {
    postgres,
    store,
    sandbox,
    directory,
    start,
    settle,
    setWeights,
    release,
    releaseUpTo,
    untilSwitched,
    untilStage,
    cutOff,
    expectJournalClosed,
    writes,
    /** Calls of this operation that took effect. */
    done,
    /** Services that were asked to run nothing. */
    scaledToZero: () =>
      done("UpdateService")
        .map(({ input }) => input as { service: string; desiredCount?: number })
        .flatMap(({ service, desiredCount }) => (desiredCount === 0 ? [service] : [])),
    live: async () => (await controller.readWeights(application)).weights,
    observe: () => controller.observe(application),
    /** Which one of these holds the application's lease, as soon as one does. */
    untilTakenOver: (...by: Replica[]): Promise<Replica> =>
      until(
        "another holds the lease",
        async () => {
          const holder = await readLeaseHolder(postgres.url, application.name);
          return by.find((each) => each.holder === holder);
        },
        { withinMs: 15_000 },
      ),
    async expectHolder(holder: Replica): Promise<void> {
      expect(await readLeaseHolder(postgres.url, application.name)).toBe(holder.holder);
    },
    async close() {
      for (const replica of replicas) await replica.kill();
      client.destroy();
      await store.close();
      await sandbox.close();
      await postgres.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Waits for a condition, looking often; one that throws does not hold yet. */
export async function until<T>(
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
