import { newDeployment } from "../lib/domain/deployment/new-deployment.ts";
import { createStore } from "../lib/store/create-store.ts";
import { NOW, observation } from "../lib/testing/facts.ts";
import { type Figure, quantile } from "./figure.ts";
import { startWorld } from "./world.ts";

const COUNT = 500;
const ROUNDS = 30;

/** Deployments that wait, one an application as the database wants it, from before the server starts. */
async function seedWaiting(dataDir: string): Promise<void> {
  const store = await createStore({ dataDir });
  const look = observation();
  for (let i = 0; i < COUNT; i++)
    await store.insertDeployment(
      newDeployment({
        id: `d-bench-${i}`,
        application: `application-${i}`,
        kind: "SWITCH",
        to: "green",
        observation: look,
        requested: null,
        actor: { id: `person-${i}@example.com`, name: `Person ${i}`, via: "session" },
        reason: "A reason of the usual length, as people give it",
        bakeMinutes: 10,
        approval: {
          approvers: 2,
          requesterMayApprove: false,
          from: { roles: ["approver"], addresses: [], claims: [] },
          timeLimitMinutes: 1440,
          onTimeLimit: "ROLLBACK",
        },
        now: NOW + i,
      }),
    );
  await store.close();
}

/** How long the list of all that wait takes, from request to the last byte, and how long the page does. */
export async function measureApprovals(): Promise<Figure[]> {
  const world = await startWorld({ seed: seedWaiting });
  try {
    const listed = await time(async () => {
      const { items } = await world.api<{ items: unknown[] }>("GET", "/api/v1/approvals");
      if (items.length !== COUNT) throw new Error(`${items.length} of ${COUNT} are listed`);
    });
    const counted = await time(() => world.api("GET", "/api/v1/approvals?count"));
    return [
      {
        name: `${COUNT} deployments awaiting approval listed, p95`,
        value: quantile(listed, 0.95),
        unit: "ms",
        target: { kind: "<=", value: 300 },
        note: `median ${quantile(listed, 0.5).toFixed(0)} ms, over HTTP, ${ROUNDS} times`,
      },
      { name: "how many of them wait for one, p95", value: quantile(counted, 0.95), unit: "ms", target: null },
    ];
  } finally {
    await world.stop();
  }
}

async function time(work: () => Promise<unknown>): Promise<number[]> {
  await work();
  const durations: number[] = [];
  for (let i = 0; i < ROUNDS; i++) {
    const startedAt = performance.now();
    await work();
    durations.push(performance.now() - startedAt);
  }
  return durations;
}
