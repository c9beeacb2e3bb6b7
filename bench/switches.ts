import { startTraffic } from "../e2e/traffic.ts";
import { type Figure, quantile } from "./figure.ts";
import { type JsonCall, until } from "./local-process.ts";
import type { World } from "./world.ts";

type Color = "blue" | "green";
interface DeploymentAnswer {
  id: string;
  status: string;
  statusReason: string | null;
  proof: { ruleReadBackMs: number; lastRequestOnOldMs?: number; proven: boolean } | null;
}
interface JournalAnswer extends DeploymentAnswer {
  journal: { at: number; step: string; phase: string }[];
}

const RATE = 200;

/**
 * Moves the traffic `count` times between two warm sides through the API while a client sends 200 requests a second, and
 * measures from the request being sent (what the click does) by one clock: to the rule's read-back in the journal, and to
 * the last answer that the client got from the old side. A switch is verified by ten seconds of requests, so that it takes
 * a little more than ten seconds for each.
 */
export async function measureSwitches(world: World, count = 40): Promise<Figure[]> {
  const traffic = startTraffic(world.albUrl, RATE);
  const readBackMs: number[] = [];
  const lastOnOldMs: number[] = [];
  const answerMs: number[] = [];
  const toldMs: number[] = [];
  const limit = await bareCallsMs(world);
  let provenCount = 0;
  try {
    await until("traffic flows", async () => traffic.record.answered > RATE);
    for (let i = 0; i < count; i++) {
      const {
        from,
        clickedAt,
        answeredMs,
        readBackMs: readBack,
        toldMs: told,
        isProven,
      } = await switchOnce(world.api, "library");
      answerMs.push(answeredMs);
      toldMs.push(told);
      if (isProven) provenCount++;
      readBackMs.push(readBack);
      lastOnOldMs.push(Math.max(0, (traffic.record.bySlot[from]?.lastAt ?? clickedAt) - clickedAt));
    }
  } finally {
    await traffic.stop();
  }
  const { failures, sent } = traffic.record;
  return [
    {
      name: `failed requests in ${count} switches at ${RATE} requests/s`,
      value: failures.length,
      unit: `of ${sent}`,
      target: { kind: "=", value: 0 },
      note: failures[0]?.what,
    },
    {
      name: "switch request answered, p95",
      value: quantile(answerMs, 0.95),
      unit: "ms",
      target: { kind: "<=", value: 300 },
    },
    {
      name: "click to rule read back, p95",
      value: quantile(readBackMs, 0.95),
      unit: "ms",
      target: { kind: "<=", value: 300 },
      limit,
    },
    {
      name: "click to the new weights in the API, p95",
      value: quantile(toldMs, 0.95),
      unit: "ms",
      target: { kind: "<=", value: 600 },
      limit,
    },
    {
      name: "click to last request on the old side, p95",
      value: quantile(lastOnOldMs, 0.95),
      unit: "ms",
      target: null,
    },
    { name: "switches verified", value: provenCount, unit: `of ${count}`, target: { kind: "=", value: count } },
  ];
}

/** What one switch took, from the click, in ms. */
interface SwitchTimes {
  from: Color;
  /** Epoch ms. */
  clickedAt: number;
  answeredMs: number;
  toldMs: number;
  readBackMs: number;
  isProven: boolean;
}

/** Moves the traffic of an application to its other side as soon as that may be, and waits until the deployment ends. */
export async function switchOnce(api: JsonCall, application: string): Promise<SwitchTimes> {
  const path = `/api/v1/applications/${application}`;
  const isLive = async () => (await api<{ traffic: { live: Color } }>("GET", path)).traffic.live;
  const from = await isLive();
  const to: Color = from === "blue" ? "green" : "blue";
  const receipt = await until("the standby side may be switched to", async () => {
    const answer = await api<{ hash: string; blockers: unknown[] }>("GET", `${path}/receipt?to=${to}`);
    return answer.blockers.length === 0 ? answer.hash : null;
  });
  const clickedAt = Date.now();
  const told = until("a reader sees the new weights", async () => (await isLive()) === to).then(() => Date.now());
  const { id } = await api<DeploymentAnswer>("POST", `${path}/switch`, { to, receipt });
  const answeredMs = Date.now() - clickedAt;
  const toldMs = (await told) - clickedAt;
  const ended = await until(`deployment ${id} ends`, async () => {
    const answer = await api<JournalAnswer>("GET", `/api/v1/deployments/${id}`);
    const isOver = ["SUCCESSFUL", "STOPPED", "ROLLBACK_SUCCESSFUL", "ROLLBACK_FAILED"].includes(answer.status);
    return isOver ? answer : null;
  });
  if (ended.status !== "SUCCESSFUL") throw new Error(`${id} ended ${ended.status}: ${ended.statusReason}`);
  const readBack = ended.journal.find((entry) => entry.phase === "done" && /shift/i.test(entry.step));
  if (!readBack) throw new Error(`${id} has no read-back in its journal`);
  const readBackMs = readBack.at - clickedAt;
  return { from, clickedAt, answeredMs, toldMs, readBackMs, isProven: ended.proof?.proven === true };
}

/**
 * The physical limit of a click: four bare round trips to the sandbox, one after another, for the look, the comparison, the
 * write and the read-back. Median, in ms.
 */
export async function bareCallsMs(world: World): Promise<number> {
  const took: number[] = [];
  for (let i = 0; i < 40; i += 1) {
    const startedAt = performance.now();
    for (let call = 0; call < 4; call += 1) await world.sandbox("GET", "/_sandbox");
    took.push(performance.now() - startedAt);
  }
  return quantile(took, 0.5);
}
