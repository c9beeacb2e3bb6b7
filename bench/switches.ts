import { startTraffic } from "../e2e/traffic.ts";
import { type Figure, quantile } from "./figure.ts";
import { until } from "./local-process.ts";
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
 * the last answer that the client got from the old side.
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
      const { traffic: held } = await world.api<{ traffic: { live: Color } }>("GET", "/api/v1/applications/library");
      const from = held.live;
      const to: Color = from === "blue" ? "green" : "blue";
      const receipt = await until("the standby side may be switched to", async () => {
        const answer = await world.api<{ hash: string; blockers: unknown[] }>(
          "GET",
          `/api/v1/applications/library/receipt?to=${to}`,
        );
        return answer.blockers.length === 0 ? answer.hash : null;
      });
      const clickedAt = Date.now();
      const reader = readerSees(world, to).then(() => toldMs.push(Date.now() - clickedAt));
      const { id } = await world.api<DeploymentAnswer>("POST", "/api/v1/applications/library/switch", { to, receipt });
      answerMs.push(Date.now() - clickedAt);
      await reader;
      const ended = await until(`deployment ${id} ends`, async () => {
        const answer = await world.api<JournalAnswer>("GET", `/api/v1/deployments/${id}`);
        return ["SUCCESSFUL", "STOPPED", "ROLLBACK_SUCCESSFUL", "ROLLBACK_FAILED"].includes(answer.status)
          ? answer
          : null;
      });
      if (ended.status !== "SUCCESSFUL") throw new Error(`${id} ended ${ended.status}: ${ended.statusReason}`);
      if (ended.proof?.proven) provenCount++;
      const readBack = ended.journal.find((entry) => entry.phase === "done" && /shift/i.test(entry.step));
      if (!readBack) throw new Error(`${id} has no read-back in its journal`);
      readBackMs.push(readBack.at - clickedAt);
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
    { name: "switches proven", value: provenCount, unit: `of ${count}`, target: { kind: "=", value: count } },
  ];
}

/** Resolves once the API tells a reader that this side is live. */
async function readerSees(world: World, to: Color): Promise<void> {
  await until("a reader sees the new weights", async () => {
    const { traffic } = await world.api<{ traffic: { live: Color } }>("GET", "/api/v1/applications/library");
    return traffic.live === to;
  });
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
