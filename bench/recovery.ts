import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Deployment, JournalEntry } from "../lib/domain/deployment/deployment.ts";
import { isInFlight } from "../lib/domain/deployment/deployment.ts";
import { createStore } from "../lib/store/create-store.ts";
import { LIBRARY_SETTINGS } from "../lib/testing/library-settings.ts";
import { findPostgres, startPostgres } from "../lib/testing/test-postgres.ts";
import { type Replica, spawnReplica } from "../lib/testing/test-replica-process.ts";
import { createServerProcess, libraryConfiguration } from "../torture/server.ts";
import { type SandboxProcess, startSandbox } from "../torture/world.ts";
import { type Figure, quantile } from "./figure.ts";
import { jsonClient, until } from "./local-process.ts";

const SPEED = 6;
const ALONE = 10;
const TAKEOVERS = 5;
/** Actions are rate-limited for each caller. */
const ASK_AGAIN_MS = 500;

/** From SIGKILL in the middle of a write until a deployment is moved on: by the same replica started again, and by another one. */
export async function measureRecovery(): Promise<Figure[]> {
  const sandbox = await startSandbox("paired", SPEED);
  try {
    return [await measureAlone(sandbox), ...(await measureTakeover(sandbox))];
  } finally {
    await sandbox.stop();
  }
}

/** A write that is slow enough to be met. */
async function slowWrite(sandbox: SandboxProcess): Promise<void> {
  const fault = { service: "ecs", operation: "RegisterTaskDefinition", kind: "latency", ms: 1_500, count: 1 };
  await sandbox.call("POST", "/faults", fault);
}

/** The built server, started again at once, as whatever supervises it does. */
async function measureAlone(sandbox: SandboxProcess): Promise<Figure> {
  const server = await createServerProcess(sandbox, {
    configuration: libraryConfiguration(sandbox, { bakeMinutes: 0, secondPort: null }),
  });
  const call = jsonClient(server.url, { authorization: `Bearer ${server.token}` });
  const times: number[] = [];
  try {
    await server.start();
    for (let i = 0; i < ALONE; i += 1) {
      const id = await until("a release begins", async () => {
        await slowWrite(sandbox);
        const body = { imageTag: i % 2 === 0 ? "1.1.0" : "1.0.0" };
        const begun = call<Deployment>("POST", "/api/v1/applications/library/deployments", body);
        return (await begun.catch(() => delay(ASK_AGAIN_MS)))?.id;
      });
      const read = () => call<Deployment & { journal: JournalEntry[] }>("GET", `/api/v1/deployments/${id}`);
      await until("its write is on the way", async () => (await read()).journal.some((one) => one.phase === "intent"));
      const killedAt = Date.now();
      await server.kill();
      await server.start();
      const next = await until("it is moved on", async () => (await read()).journal.find((one) => one.at > killedAt));
      times.push(next.at - killedAt);
      await until("it is ended", async () => {
        const found = await read();
        if (!isInFlight(found)) return true;
        await call("POST", `/api/v1/deployments/${id}/abort`, {}).catch(() => null);
        await delay(ASK_AGAIN_MS);
        return false;
      });
      await sandbox.call("DELETE", "/faults");
    }
  } finally {
    await server.remove();
  }
  return {
    name: "SIGKILL in a write until the deployment is moved on, one replica, p95",
    value: quantile(times, 0.95) / 1000,
    unit: "s",
    target: { kind: "<=", value: 5 },
    note: `${ALONE} kills, the process started again at once`,
  };
}

async function measureTakeover(sandbox: SandboxProcess): Promise<Figure[]> {
  const bin = findPostgres();
  if (bin === null) return [];
  const directory = await mkdtemp(join(tmpdir(), "switchyard-takeover-"));
  const postgres = await startPostgres(bin);
  const store = await createStore({ databaseUrl: postgres.url });
  const replicas: Replica[] = [];
  const times: number[] = [];
  const startReplica = (number: number) => {
    const replica = spawnReplica({
      holder: `replica-${number}`,
      databaseUrl: postgres.url,
      endpoint: sandbox.url,
      writeAheadLogPath: join(directory, `late-${number}.jsonl`),
      isAsOutsideTests: true,
      applications: [{ ...LIBRARY_SETTINGS, requestLine: null }],
    });
    replicas.push(replica);
    return replica;
  };
  try {
    let holder = startReplica(0);
    for (let i = 0; i < TAKEOVERS; i += 1) {
      const next = startReplica(i + 1);
      const id = await until("a release begins", async () => {
        const [found] = await store.listDeploymentsInFlight();
        if (found) return found.id;
        await slowWrite(sandbox);
        // Its answer is not waited for: it may come after the kill, and then never.
        void holder.ask("deploy", { imageTag: i % 2 === 0 ? "1.1.0" : "1.0.0" });
        await delay(ASK_AGAIN_MS);
        return null;
      });
      await until("its write is on the way", async () =>
        (await store.listJournal(id)).some((one) => one.phase === "intent"),
      );
      const killedAt = Date.now();
      await holder.kill();
      const moved = await until("it is moved on", async () =>
        (await store.listJournal(id)).find((one) => one.at > killedAt),
      );
      times.push(moved.at - killedAt);
      await until("it is ended", async () => {
        void next.ask("abort", { deploymentId: id });
        await delay(ASK_AGAIN_MS);
        const found = await store.findDeployment(id);
        return found !== null && !isInFlight(found);
      });
      await sandbox.call("DELETE", "/faults");
      holder = next;
    }
  } finally {
    for (const replica of replicas) await replica.kill();
    await store.close();
    await postgres.stop();
    await rm(directory, { recursive: true, force: true });
  }
  return [
    {
      name: "SIGKILL in a write until another replica moves the deployment on, p95",
      value: quantile(times, 0.95) / 1000,
      unit: "s",
      target: { kind: "<=", value: 15 },
      note: `${TAKEOVERS} kills, two replicas on one PostgreSQL`,
    },
  ];
}
