import { startTraffic } from "../e2e/traffic.ts";
import { type Figure, quantile } from "./figure.ts";
import { jsonClient, until } from "./local-process.ts";
import { bareCallsMs } from "./switches.ts";
import type { World } from "./world.ts";

type Color = "blue" | "green";
interface Answer {
  id: string;
  status: string;
  journal: { at: number; step: string; phase: string }[];
}

const PATH = "/api/v1/applications/library";
const VIEWERS = 20;
const A_SECOND = 200;
/** Of the application itself a second: without any, each release waits a minute for requests that show where they go. */
const REQUESTS_A_SECOND = 20;
const OVER = ["SUCCESSFUL", "STOPPED", "ROLLBACK_SUCCESSFUL", "ROLLBACK_FAILED"];

/** Switches and rolls back, again and again, while viewers ask 200 questions a second that AWS has to be asked for. */
export async function measureRollbackBesideQuestions(world: World, count = 12): Promise<Figure[]> {
  const viewers = await Promise.all(Array.from({ length: VIEWERS }, (_, i) => newViewer(world, i)));
  let asked = 0;
  let refused = 0;
  const ask = (i: number) => {
    asked += 1;
    const action = i % 2 === 0 ? "switch" : "rollback";
    void viewers[i % VIEWERS]?.("GET", `${PATH}/commands?action=${action}`).catch(() => {
      refused += 1;
    });
  };
  const traffic = startTraffic(world.albUrl, REQUESTS_A_SECOND);
  let next = 0;
  const timer = setInterval(() => ask(next++), 1000 / A_SECOND);
  const readBackMs: number[] = [];
  try {
    for (let i = 0; i < count; i += 1) {
      await follow(world, await switchOver(world));
      const clickedAt = Date.now();
      const { id } = await world.api<Answer>("POST", `${PATH}/rollback`, {});
      const { journal } = await follow(world, id);
      const done = journal.find((entry) => entry.phase === "done" && /shift/i.test(entry.step));
      if (!done) throw new Error(`${id} has no read-back in its journal`);
      readBackMs.push(done.at - clickedAt);
    }
  } finally {
    clearInterval(timer);
    await traffic.stop();
  }
  return [
    {
      name: `rollback beside ${A_SECOND} questions a second: click to rule read back, p95`,
      value: quantile(readBackMs, 0.95),
      unit: "ms",
      target: { kind: "<=", value: 300 },
      limit: await bareCallsMs(world),
      note: `${asked} questions of ${VIEWERS} viewers, ${refused} refused or failed`,
    },
  ];
}

export async function newViewer(world: World, index: number, application = "library") {
  const expiresAt = Date.now() + 3_600_000;
  const token = { name: `viewer ${index}`, verbs: [], applications: [application], expiresAt };
  const { secret } = await world.api<{ secret: string }>("POST", "/api/v1/tokens", token);
  return jsonClient(world.appUrl, { authorization: `Bearer ${secret}` });
}

async function switchOver(world: World): Promise<string> {
  return until("the switch is taken", async () => {
    const { traffic } = await world.api<{ traffic: { live: Color } }>("GET", PATH);
    const to = traffic.live === "blue" ? "green" : "blue";
    const { hash } = await world.api<{ hash: string }>("GET", `${PATH}/receipt?to=${to}`);
    return (await world.api<Answer>("POST", `${PATH}/switch`, { to, receipt: hash })).id;
  });
}

function follow(world: World, id: string): Promise<Answer> {
  return until(`${id} ends`, async () => {
    const answer = await world.api<Answer>("GET", `/api/v1/deployments/${id}`);
    return OVER.includes(answer.status) ? answer : null;
  });
}
