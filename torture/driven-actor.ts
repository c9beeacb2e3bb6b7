import { setTimeout as delay } from "node:timers/promises";
import type { DrivenName } from "../bench/driven-world.ts";
import { signIn } from "../bench/person.ts";
import type { Deployment, JournalEntry } from "../lib/domain/deployment/deployment.ts";
import { isInFlight } from "../lib/domain/deployment/deployment.ts";
import type { Chance } from "./chance.ts";
import type { Click } from "./driven-evidence.ts";
import type { ApiRequest } from "./evidence.ts";
import type { ServerProcess } from "./server.ts";

const TAGS: Readonly<Record<DrivenName, Record<string, number>>> = {
  orders: { "3.0.0": 4, "3.1.0": 4, "3.2.0-unhealthy": 1 },
  members: { "1.8.0": 4, "1.9.0": 4, "1.9.1-unhealthy": 0.5 },
};
const VERBS = { release: 6, answer: 8, approve: 4, stale: 1, rollback: 1, abort: 0.7, repeat: 1, idle: 2 };
/** An answer that takes longer is lost, as to a client that has given up. */
const PATIENCE_MS = 8_000;
/** How long it is waited that a gate opens, or that what was answered moves on. */
const GATE_WITHIN_MS = 30_000;
/** What waits for people this long at the end of a run is aborted; shorter ends come by themselves. */
const ABORT_AFTER_MS = 45_000;

type Color = "blue" | "green";
type Told = Pick<Deployment, "id" | "status" | "stage" | "to" | "aws" | "approval" | "startedAt">;

/** As much of a snapshot as decides what to do next. */
interface Seen {
  deployment: Told | null;
  drifts?: { id: string }[];
  automaticRollback?: { deploymentId: string };
}
interface Receipt {
  hash: string;
  approvalHash: string;
  blockers: unknown[];
  gate?: { id: string };
}
interface Post {
  verb: ApiRequest["verb"];
  path: string;
  body: Record<string, unknown>;
  key: string | null;
}

/** Somebody at the buttons of one application that AWS drives. */
export interface DrivenActor {
  requests: ApiRequest[];
  clicks: Click[];
  /** Does things, one after another, until `count` of them came to something or four times as many were tried. */
  act(count: number): Promise<void>;
  /** Lets go of what waits for people until nothing is in flight; false when time runs out. */
  windDown(timeoutMs: number): Promise<boolean>;
  deployments(): Promise<(Deployment & { journal: JournalEntry[] })[]>;
}

/** An actor whose choices follow from the seed. */
export function createDrivenActor(
  application: DrivenName,
  servers: readonly [ServerProcess, ...ServerProcess[]],
  chance: Chance,
): DrivenActor {
  const requests: ApiRequest[] = [];
  const clicks: Click[] = [];
  const base = `/api/v1/applications/${application}`;
  let last: Post | null = null;
  let old: { to: Color; hash: string } | null = null;
  let keys = 0;
  let asked = 0;
  let approver: string | null = null;

  async function ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    asked += 1;
    const server = servers[asked % servers.length] ?? servers[0];
    const who: Record<string, string> = headers.cookie
      ? { origin: server.url }
      : { authorization: `Bearer ${server.token}` };
    const response = await fetch(`${server.url}${path}`, {
      method,
      headers: { ...who, ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const text = await response.text();
    return { status: response.status, answer: text === "" ? {} : JSON.parse(text) };
  }

  async function read<T>(path: string): Promise<T | null> {
    const found = await ask("GET", path).catch(() => null);
    return found?.status === 200 ? (found.answer as T) : null;
  }

  /** The answer's status; 0 when there was none. */
  async function post({ verb, path, body, key }: Post): Promise<number> {
    const at = Date.now();
    const found = await ask("POST", path, body, key === null ? {} : { "idempotency-key": key }).catch(() => null);
    const status = found?.status ?? 0;
    const deploymentId = typeof found?.answer.id === "string" ? found.answer.id : null;
    requests.push({ at, answeredAt: Date.now(), verb, key, status, deploymentId, code: found?.answer.code ?? null });
    return status;
  }

  /** Sometimes twice at once, as a hasty finger does. */
  async function click(what: Post, seen: Pick<Click, "verb" | "gate" | "deploymentId"> | null): Promise<void> {
    last = what;
    const send = async () => {
      const at = Date.now();
      const status = await post(what);
      if (seen) clicks.push({ at, application, ...seen, status });
    };
    await Promise.all(chance.isHit(0.2) ? [send(), send()] : [send()]);
  }

  const newKey = () => {
    keys += 1;
    return `${application}-${keys}`;
  };
  const seen = () => read<Seen>(base);
  const receiptOf = (to: Color) => read<Receipt>(`${base}/receipt?to=${to}`);

  async function takeNote({ drifts = [], automaticRollback }: Seen): Promise<void> {
    if (automaticRollback)
      await ask("POST", `/api/v1/deployments/${automaticRollback.deploymentId}/acknowledge`, {}).catch(() => null);
    for (const { id } of drifts) await ask("POST", `${base}/drifts`, { drift: id }).catch(() => null);
  }

  /** Each tells whether there was anything to do. */
  const acts = {
    async release() {
      const found = await seen();
      if (!found || found.deployment) return false;
      await takeNote(found);
      const imageTag = chance.weighted(TAGS[application]);
      await click({ verb: "release", path: `${base}/deployments`, body: { imageTag }, key: newKey() }, null);
      await waitUntil(GATE_WITHIN_MS, ({ deployment }) => !deployment || deployment.aws?.gate != null);
      return true;
    },
    /** At a gate before the shift by its receipt, after it by closing the window. */
    async answer() {
      const found = await seen();
      const { deployment } = found ?? {};
      const gate = deployment?.aws?.gate;
      if (!deployment || !gate) return false;
      if (isAfterShift(gate.stage)) {
        const path = `/api/v1/deployments/${deployment.id}/retire`;
        const told = { verb: "retire", gate: gate.id, deploymentId: deployment.id } as const;
        await click({ verb: "retire", path, body: { gate: gate.id }, key: null }, told);
        return true;
      }
      const receipt = await receiptOf(deployment.to);
      if (!receipt) return false;
      old = { to: deployment.to, hash: receipt.hash };
      // Whoever reads the receipt for a while may find the world changed.
      if (chance.isHit(0.3)) await delay(chance.whole(500, 4_000));
      const body = { to: deployment.to, receipt: receipt.hash };
      const told = { verb: "switch", gate: receipt.gate?.id ?? null, deploymentId: deployment.id } as const;
      await click({ verb: "switch", path: `${base}/switch`, body, key: newKey() }, told);
      if (chance.isHit(0.7)) await waitUntil(GATE_WITHIN_MS, (now) => now.deployment?.aws?.gate?.id !== gate.id);
      return true;
    },
    /** By somebody who is signed in and may, for what is on the receipt now. */
    async approve() {
      const { deployment } = (await seen()) ?? {};
      if (deployment?.approval?.state !== "waiting" || !deployment.aws?.gate) return false;
      const receipt = await receiptOf(deployment.to);
      approver ??= await signIn(servers[0].url, "approver").catch(() => null);
      const cookie = approver;
      if (!receipt || cookie === null) return false;
      const at = Date.now();
      const path = `/api/v1/deployments/${deployment.id}/approve`;
      const body = { receipt: receipt.approvalHash };
      const found = await ask("POST", path, body, { cookie }).catch(() => null);
      const { id: deploymentId } = deployment;
      clicks.push({
        at,
        application,
        verb: "approve",
        gate: receipt.gate?.id ?? null,
        deploymentId,
        status: found?.status ?? 0,
      });
      return true;
    },
    /** A receipt that was read long ago, or for the other application. */
    async stale() {
      if (!old) return false;
      const body = { to: old.to, receipt: old.hash };
      const told = { verb: "switch", gate: null, deploymentId: null } as const;
      await click({ verb: "switch", path: `${base}/switch`, body, key: newKey() }, told);
      return true;
    },
    async rollback() {
      await click({ verb: "rollback", path: `${base}/rollback`, body: {}, key: newKey() }, null);
      return true;
    },
    async abort() {
      const { deployment } = (await seen()) ?? {};
      if (!deployment) return false;
      await click({ verb: "abort", path: `/api/v1/deployments/${deployment.id}/abort`, body: {}, key: null }, null);
      return true;
    },
    async repeat() {
      if (!last || last.verb === "switch" || last.verb === "retire") return false;
      await click(last, null);
      return true;
    },
    async idle() {
      await delay(chance.whole(500, 3_000));
      return false;
    },
  };

  async function waitUntil(timeoutMs: number, isEnough: (now: Seen) => boolean): Promise<boolean> {
    const deadline = Date.now() + timeoutMs;
    while (Date.now() < deadline) {
      const found = await seen();
      if (found && isEnough(found)) return true;
      await delay(250);
    }
    return false;
  }

  return {
    requests,
    clicks,
    async act(count) {
      await waitUntil(20_000, () => true);
      await acts.release();
      for (let tried = 0, done = 0; done < count && tried < 4 * count; tried += 1) {
        const verb = chance.weighted(VERBS);
        if (chance.isHit(0.85)) await waitUntil(15_000, () => true);
        if (await acts[verb]()) done += 1;
        await delay(chance.whole(0, 1_500));
      }
    },
    async windDown(timeoutMs) {
      const startedAt = Date.now();
      return waitUntil(timeoutMs, ({ deployment }) => {
        if (!deployment) return true;
        const isLong = (deployment.aws?.gate?.expiresAt ?? Number.POSITIVE_INFINITY) - Date.now() > ABORT_AFTER_MS;
        if (isLong || Date.now() - startedAt > 2 * ABORT_AFTER_MS)
          void post({ verb: "abort", path: `/api/v1/deployments/${deployment.id}/abort`, body: {}, key: null });
        return false;
      });
    },
    async deployments() {
      const items = (await read<{ items: Deployment[] }>(`${base}/deployments?limit=100`))?.items ?? [];
      const inFlight = items.filter(isInFlight).length;
      if (inFlight > 1) throw new Error(`${inFlight} deployments of ${application} are in flight`);
      return Promise.all(
        items.map(async ({ id }) => {
          const { status, answer } = await ask("GET", `/api/v1/deployments/${id}`);
          if (status !== 200) throw new Error(`Deployment ${id} cannot be read: ${status}`);
          return answer;
        }),
      );
    },
  };
}

function isAfterShift(stage: string): boolean {
  return ["PRODUCTION_TRAFFIC_SHIFT", "POST_PRODUCTION_TRAFFIC_SHIFT", "BAKE_TIME"].includes(stage);
}
