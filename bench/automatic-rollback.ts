import { startTraffic } from "../e2e/traffic.ts";
import type { Figure } from "./figure.ts";
import { until } from "./local-process.ts";
import type { World } from "./world.ts";

interface Answer {
  id: string;
  status: string;
  stage: string;
  statusReason: string | null;
  to: "blue" | "green";
  stages: { stage: string; status: string }[];
}

const RATE = 50;
const APPLICATION = "/api/v1/applications/library";

/** A release that answers one request in five with 500 takes the traffic; nobody looks. By the client's clock. */
export async function measureAutomaticRollback(world: World): Promise<Figure[]> {
  const traffic = startTraffic(world.albUrl, RATE);
  try {
    // What the new side is compared with.
    await until("the old side has served for a while", async () => traffic.record.answered > 30 * RATE, 120_000);
    const { id, to } = await world.api<Answer>("POST", `${APPLICATION}/deployments`, { imageTag: "1.5.0-errors" });
    const read = () => world.api<Answer>("GET", `/api/v1/deployments/${id}`);
    await until(
      "the release waits to be switched",
      async () => (await read()).stages.some((one) => one.status === "AWAITING_ACTION"),
      180_000,
    );
    await until("the switch is taken", async () => {
      const { hash } = await world.api<{ hash: string }>("GET", `${APPLICATION}/receipt?to=${to}`);
      return world.api("POST", `${APPLICATION}/switch`, { to, receipt: hash });
    });
    const ended = await until(
      "it is rolled back by itself",
      async () => {
        const answer = await read();
        return ["SUCCESSFUL", "STOPPED", "ROLLBACK_SUCCESSFUL", "ROLLBACK_FAILED"].includes(answer.status)
          ? answer
          : null;
      },
      300_000,
    );
    if (ended.status !== "ROLLBACK_SUCCESSFUL") throw new Error(`${id} ended ${ended.status}: ${ended.statusReason}`);
    const record = await traffic.stop();
    const firstBadAt = record.failures[0]?.at ?? Number.NaN;
    const lastOnBadAt = record.bySlot[to]?.lastAt ?? Number.NaN;
    return [
      {
        name: "automatic rollback: first bad request to last request on the bad side",
        value: (lastOnBadAt - firstBadAt) / 1000,
        unit: "s",
        target: null,
        note: `${record.failures.length} of ${record.sent} requests at ${RATE}/s failed by design; metrics every 10 s`,
      },
    ];
  } finally {
    await traffic.stop();
  }
}
