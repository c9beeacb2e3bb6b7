import type { ServerProcess } from "../torture/server.ts";
import { type Figure, quantile } from "./figure.ts";
import { until } from "./local-process.ts";
import { askReplica, type ReplicaWorld, startReplicaWorld } from "./replica-world.ts";

const KILLS = Number(process.env.BENCH_KILLS ?? 5);
const PATH = "/api/v1/applications/library";
const FAMILY = "elb-read";

/**
 * From SIGKILL of one of two replicas: until the other shows what AWS changed since, to somebody whose board was at the one that is
 * gone, and until it has that one's share of AWS's limits. What it takes up of the engine's work is measured by `recovery`.
 */
export async function measureKilledReplica(): Promise<Figure[]> {
  const world = await startReplicaWorld(2);
  if (!world) return [];
  const shownMs: number[] = [];
  const shareMs: number[] = [];
  try {
    for (const replica of world.replicas) await replica.start();
    for (let kill = 0; kill < KILLS; kill += 1) {
      const [victim, survivor] = kill % 2 === 0 ? world.replicas : world.replicas.toReversed();
      if (!victim || !survivor) throw new TypeError("There are two replicas");
      await until("both look, each within its half", async () => {
        for (const replica of [victim, survivor]) {
          const { observedAt } = await askReplica(replica)<{ observedAt: number }>("GET", PATH);
          if (observedAt === 0 || (await shareOf(replica)) !== 0.5) return false;
        }
        return true;
      });
      const killedAt = performance.now();
      await victim.kill();
      const green = kill % 2 === 0 ? 10 : 0;
      await shiftFromOutside(world, green);
      await untilShown(survivor, green);
      shownMs.push(performance.now() - killedAt);
      await until("the whole share is its own", async () => (await shareOf(survivor)) === 1);
      shareMs.push(performance.now() - killedAt);
      await victim.start();
    }
  } finally {
    await world.stop();
  }
  return [
    {
      name: "replica killed: until another one shows what AWS changed since, p95",
      value: quantile(shownMs, 0.95) / 1000,
      unit: "s",
      target: { kind: "<=", value: 5 },
      note: `${KILLS} kills; every replica looks by itself, so that nobody has to take over looking`,
    },
    {
      name: "replica killed: until its share of AWS's limits is the others', p95",
      value: quantile(shareMs, 0.95) / 1000,
      unit: "s",
      target: { kind: "<=", value: 20 },
      note: "a replica that was not seen for 15 s is counted no more; they look every 5 s",
    },
  ];
}

/** The part of AWS's reads of listeners and targets, of those that are ours, that this replica may use. */
async function shareOf({ url, token }: ServerProcess): Promise<number> {
  const response = await fetch(`${url}/api/metrics`, { headers: { authorization: `Bearer ${token}` } });
  const line = new RegExp(`^switchyard_aws_budget_ratio\\{family="${FAMILY}"\\} (\\S+)$`, "m");
  return Number(line.exec(await response.text())?.[1]);
}

async function shiftFromOutside({ sandbox }: ReplicaWorld, green: number): Promise<void> {
  const weights = { "library-blue-tg": 100 - green, "library-green-tg": green };
  await sandbox.call("POST", "/listeners", { listener: "library-alb:80", weights });
}

/** Somebody opens the board anew, at the one that is left, and sees these weights. */
async function untilShown(survivor: ServerProcess, green: number): Promise<void> {
  const left = new AbortController();
  const headers = { authorization: `Bearer ${survivor.token}` };
  const response = await fetch(`${survivor.url}${PATH}/live`, { headers, signal: left.signal });
  if (!response.ok) throw new Error(`A board's stream answered ${response.status}`);
  await until("the board shows what AWS changed", async () => {
    const { traffic } = await askReplica(survivor)<{ traffic: { weights: { green: number } } }>("GET", PATH);
    return traffic.weights.green === green;
  });
  left.abort();
}
