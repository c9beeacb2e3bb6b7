import { setTimeout as delay } from "node:timers/promises";
import type { Deployment, JournalEntry } from "../lib/domain/deployment/deployment.ts";
import { isAwaitingSwitch, isInFlight } from "../lib/domain/deployment/deployment.ts";
import type { SlotColor } from "../lib/domain/observation/slot.ts";
import type { Chance } from "./chance.ts";
import type { ApiRequest } from "./evidence.ts";
import type { ServerProcess } from "./server.ts";

const TAGS = { "1.0.0": 3, "1.1.0": 4, "1.2.0-unhealthy": 1, "1.3.0-crash": 1, "1.4.0-slow": 1, "1.5.0-errors": 1 };
/** Short bakes: nobody waits for ten minutes here. */
const ROLLOUTS = [
  { strategy: "CANARY", percent: 20, bakeMinutes: 0.1 },
  { strategy: "CANARY", percent: 5.5, bakeMinutes: 0 },
  { strategy: "LINEAR", stepPercent: 40, stepBakeMinutes: 0 },
] as const;
const APPLICATION = "/api/v1/applications/library";
/** An answer that takes longer is lost, as to a client that has given up. */
const PATIENCE_MS = 8_000;

/** Receipts that are read, half a second apart, while something is in the way: longer than a side takes to be stable. */
const RECEIPTS = 14;

/** How long an ending is waited for. */
const ENDS_WITHIN_MS = 2_000;

/** As much of a snapshot as decides what to do next. */
interface Seen {
  traffic: { live: string };
  drifts?: { id: string }[];
  automaticRollback?: { deploymentId: string };
}

interface Request {
  verb: ApiRequest["verb"];
  path: string;
  body: Record<string, unknown>;
  key: string | null;
}

/** Somebody at the buttons, through the REST API. */
export interface Actor {
  requests: ApiRequest[];
  hasErrorsByDesign: boolean;
  /** Does things, one after another, until `count` of them were answered or three times as many were tried. */
  act(count: number): Promise<void>;
  /** Aborts or waits until nothing is in flight; false when time runs out. */
  windDown(timeoutMs: number): Promise<boolean>;
  /** Every deployment on record with its journal. */
  deployments(): Promise<(Deployment & { journal: JournalEntry[] })[]>;
  /** As the snapshot tells it; undefined where none is configured. */
  testListenerArn(): Promise<string | undefined>;
}

/** An actor whose choices follow from the seed; those of when it clicks at an ending from a sequence of their own. */
export function createActor(
  servers: readonly [ServerProcess, ...ServerProcess[]],
  chance: Chance,
  endings: Chance,
  bakes: boolean,
): Actor {
  const requests: ApiRequest[] = [];
  let last: Request | null = null;
  let keys = 0;
  let asked = 0;

  async function fetchJson(method: string, path: string, body?: unknown, key: string | null = null) {
    // As through a load balancer: whichever comes next.
    asked += 1;
    const server = servers[asked % servers.length] ?? servers[0];
    const response = await fetch(`${server.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${server.token}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...(key === null ? {} : { "idempotency-key": key }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const text = await response.text();
    return { status: response.status, answer: text === "" ? {} : JSON.parse(text) };
  }

  /** What the API says; null while the server is down or refuses. */
  async function read<T>(path: string): Promise<T | null> {
    const found = await fetchJson("GET", path).catch(() => null);
    return found?.status === 200 ? (found.answer as T) : null;
  }

  /** The answer's status; 0 when there was none. */
  async function send({ verb, path, body, key }: Request): Promise<number> {
    const at = Date.now();
    const found = await fetchJson("POST", path, body, key).catch(() => null);
    const status = found?.status ?? 0;
    const deploymentId = typeof found?.answer.id === "string" ? found.answer.id : null;
    requests.push({ at, answeredAt: Date.now(), verb, key, status, deploymentId, code: found?.answer.code ?? null });
    return status;
  }

  /** Sends it; sometimes twice at once, and again with the same key when the answer was lost. False when there was none. */
  async function ask(request: Request): Promise<boolean> {
    last = request;
    const isTwice = chance.isHit(0.2);
    const again = chance.isHit(0.7);
    const [status = 0] = await Promise.all([send(request), ...(isTwice ? [send(request)] : [])]);
    if (status > 0 || !again) return status > 0;
    await delay(500);
    return (await send(request)) > 0;
  }

  const newKey = () => {
    keys += 1;
    return `key-${keys}`;
  };

  /** Each tells whether it came to something. */
  const acts = {
    async release() {
      const imageTag = chance.weighted(TAGS);
      if (imageTag === "1.5.0-errors") actor.hasErrorsByDesign = true;
      const isPatient = chance.isHit(0.85);
      const rollout = chance.isHit(0.35) ? { rollout: chance.pick<(typeof ROLLOUTS)[number]>(ROLLOUTS) } : {};
      const body = { imageTag, ...rollout };
      const isAnswered = await ask({ verb: "release", path: `${APPLICATION}/deployments`, body, key: newKey() });
      if (isPatient) await waitUntil(12_000, (inFlight) => !inFlight || isAwaitingSwitch(inFlight));
      return isAnswered;
    },
    async switch() {
      const key = newKey();
      const found = await read<Seen>(APPLICATION);
      if (!found) return false;
      // What came from outside, and what was rolled back by itself, is taken note of, as a person would before going on.
      const turned = found.automaticRollback?.deploymentId;
      if (turned) await fetchJson("POST", `/api/v1/deployments/${turned}/acknowledge`, {}).catch(() => null);
      for (const { id } of found.drifts ?? [])
        await fetchJson("POST", `${APPLICATION}/drifts`, { drift: id }).catch(() => null);
      const to: SlotColor = found.traffic.live === "blue" ? "green" : "blue";
      for (let attempt = 0; attempt < RECEIPTS; attempt += 1) {
        const receipt = await read<{ hash: string; blockers: unknown[] }>(`${APPLICATION}/receipt?to=${to}`);
        if (receipt && (receipt.blockers.length === 0 || attempt === RECEIPTS - 1))
          return ask({ verb: "switch", path: `${APPLICATION}/switch`, body: { to, receipt: receipt.hash }, key });
        await delay(500);
      }
      return false;
    },
    async rollback() {
      return ask({ verb: "rollback", path: `${APPLICATION}/rollback`, body: {}, key: newKey() });
    },
    async abort() {
      const [newest] = await list();
      return (
        newest !== undefined &&
        ask({ verb: "abort", path: `/api/v1/deployments/${newest.id}/abort`, body: {}, key: null })
      );
    },
    async retire() {
      const [newest] = await list();
      return (
        newest !== undefined &&
        ask({ verb: "retire", path: `/api/v1/deployments/${newest.id}/retire`, body: {}, key: null })
      );
    },
    async repeat() {
      return last !== null && ask(last);
    },
  };

  /** A click while a deployment is about to end, or just has: the record changes between its reading and its answer. */
  async function clickAtEnding(): Promise<void> {
    const verb = endings.pick<ApiRequest["verb"]>(["rollback", "rollback", "switch", "release", "retire"]);
    const [isBefore, afterMs] = [endings.isHit(0.5), endings.whole(0, 400)];
    const inFlight = (await list()).find(isInFlight);
    if (!inFlight || isAwaitingSwitch(inFlight)) return;
    const deadline = Date.now() + ENDS_WITHIN_MS;
    while (Date.now() < deadline) {
      const now = await read<Deployment>(`/api/v1/deployments/${inFlight.id}`);
      if (now && (!isInFlight(now) || (isBefore && now.stage === "POST_PRODUCTION_TRAFFIC_SHIFT"))) {
        if (isInFlight(now)) await delay(afterMs);
        await acts[verb]();
        return;
      }
      await delay(20);
    }
  }

  async function list(): Promise<Deployment[]> {
    return (await read<{ items: Deployment[] }>(`${APPLICATION}/deployments?limit=100`))?.items ?? [];
  }

  async function waitUntil(timeoutMs: number, isEnough: (inFlight: Deployment | undefined) => boolean) {
    const deadline = Date.now() + timeoutMs;
    while (Date.now() < deadline) {
      const found = await read<{ items: Deployment[] }>(`${APPLICATION}/deployments?limit=5`);
      if (found && isEnough(found.items.find(isInFlight))) return true;
      await delay(250);
    }
    return false;
  }

  const actor: Actor = {
    requests,
    hasErrorsByDesign: false,
    async act(count) {
      let answered = 0;
      for (let tried = 0; answered < count && tried < 3 * count; tried += 1) {
        const verb = answered === 0 ? chance.weighted({ release: 2, switch: 1 }) : chance.weighted(VERBS);
        const pauseMs = chance.whole(0, 600);
        // A person mostly waits until the page is back.
        if (chance.isHit(0.85)) await waitUntil(15_000, () => true);
        if (await acts[verb]()) answered += 1;
        if (endings.isHit(0.3)) await clickAtEnding();
        await delay(pauseMs);
      }
    },
    windDown: (timeoutMs) => {
      let asked: string | null = null;
      return waitUntil(timeoutMs, (inFlight) => {
        if (!inFlight) return true;
        const endsItself = !isAwaitingSwitch(inFlight) && !(bakes && inFlight.stage === "BAKE_TIME");
        const isOld = Date.now() - inFlight.startedAt > 20_000;
        if (asked === inFlight.id || (endsItself && !isOld) || inFlight.status !== "IN_PROGRESS") return false;
        asked = inFlight.id;
        void send({ verb: "abort", path: `/api/v1/deployments/${inFlight.id}/abort`, body: {}, key: null }).then(
          (status) => {
            if (status < 200 || status > 299) asked = null;
          },
        );
        return false;
      });
    },
    async deployments() {
      const found = await list();
      return Promise.all(
        found.map(async ({ id }) => {
          const { status, answer } = await fetchJson("GET", `/api/v1/deployments/${id}`);
          if (status !== 200) throw new Error(`Deployment ${id} cannot be read: ${status}`);
          return answer;
        }),
      );
    },
    async testListenerArn() {
      const { answer } = await fetchJson("GET", APPLICATION);
      return answer.traffic?.test?.listenerOrRuleArn;
    },
  };
  return actor;
}

const VERBS = { release: 6, switch: 9, rollback: 3, abort: 1, retire: 1, repeat: 2 };
