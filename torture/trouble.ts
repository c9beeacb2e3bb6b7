import { setTimeout as delay } from "node:timers/promises";
import type { SlotColor } from "../lib/domain/observation/slot.ts";
import type { Weights } from "../lib/domain/observation/traffic.ts";
import type { Chance } from "./chance.ts";
import type { Trouble } from "./evidence.ts";
import type { ServerProcess } from "./server.ts";
import type { SandboxProcess, WorldKind } from "./world.ts";

interface Operation {
  service: string;
  operation: string;
}

const WRITES: Readonly<Record<WorldKind, readonly [Operation, ...Operation[]]>> = {
  paired: [
    { service: "elbv2", operation: "ModifyListener" },
    { service: "ecs", operation: "UpdateService" },
    { service: "ecs", operation: "RegisterTaskDefinition" },
  ],
  driven: [
    { service: "ecs", operation: "UpdateService" },
    { service: "ecs", operation: "RegisterTaskDefinition" },
    { service: "ecs", operation: "ContinueServiceDeployment" },
    { service: "ecs", operation: "StopServiceDeployment" },
    { service: "codedeploy", operation: "CreateDeployment" },
    { service: "codedeploy", operation: "ContinueDeployment" },
    { service: "codedeploy", operation: "StopDeployment" },
  ],
  "task-sets": [
    { service: "elbv2", operation: "ModifyListener" },
    { service: "ecs", operation: "RegisterTaskDefinition" },
    { service: "ecs", operation: "CreateTaskSet" },
    { service: "ecs", operation: "UpdateTaskSet" },
    { service: "ecs", operation: "DeleteTaskSet" },
    { service: "ecs", operation: "UpdateServicePrimaryTaskSet" },
  ],
};
const COMMON_READS: readonly [Operation, ...Operation[]] = [
  { service: "elbv2", operation: "DescribeListeners" },
  { service: "elbv2", operation: "DescribeTargetHealth" },
  { service: "ecs", operation: "DescribeServices" },
  { service: "ecs", operation: "ListTasks" },
];
const READS: Readonly<Record<WorldKind, readonly [Operation, ...Operation[]]>> = {
  paired: COMMON_READS,
  "task-sets": COMMON_READS,
  driven: [
    ...COMMON_READS,
    { service: "elbv2", operation: "DescribeRules" },
    { service: "ecs", operation: "ListServiceDeployments" },
    { service: "ecs", operation: "DescribeServiceDeployments" },
    { service: "codedeploy", operation: "ListDeployments" },
    { service: "codedeploy", operation: "BatchGetDeployments" },
    { service: "codedeploy", operation: "GetDeploymentTarget" },
  ],
};
const FOREIGN: readonly [Weights, ...Weights[]] = [
  { blue: 100, green: 0 },
  { blue: 0, green: 100 },
  { blue: 80, green: 20 },
  { blue: 1, green: 99 },
];

const MOST_KILLS = 3;
/** A fault of reads is over within this. */
export const READ_FAULT_MS = 6_000;
const WRITE_WITHIN_MS = 5_000;
const POLL_MS = 12;

interface World {
  sandbox: SandboxProcess;
  servers: readonly [ServerProcess, ...ServerProcess[]];
}

/** Makes trouble until told to stop, the same for the same seed as far as the world lets it. */
export async function makeTrouble(
  world: World,
  chance: Chance,
  troubles: Trouble[],
  signal: AbortSignal,
): Promise<void> {
  const { sandbox } = world;
  // Most runs keep strangers out: what they do ends a release, so little would be left to go wrong.
  const weights = {
    kill: 3,
    fault: 8,
    task: chance.isHit(0.3) ? 1 : 0,
    weights: chance.isHit(0.25) ? 1.5 : 0,
    idle: 0,
  };
  // What AWS drives takes longer, and has strangers of its own.
  if (sandbox.kind === "driven") Object.assign(weights, { kill: 1, fault: 3, weights: 0, idle: 9 });
  let kills = chance.whole(1, MOST_KILLS);
  const faults: Promise<void>[] = [];
  while (!signal.aborted) {
    await delay(chance.whole(150, 1_500), undefined, { signal }).catch(() => undefined);
    if (signal.aborted) break;
    const kind = chance.weighted(weights);
    if (kind === "kill" && kills > 0) {
      kills -= 1;
      await killServer(world, chance, troubles, signal);
    } else if (kind === "kill") weights.kill = 0;
    else if (kind === "fault") faults.push(addFault(sandbox, chance, troubles, signal));
    else if (kind === "task") await killTask(sandbox, chance, troubles);
    else if (kind === "weights") {
      const foreign = chance.pick(FOREIGN);
      await sandbox.call("POST", "/listeners", { listener: "library-alb:80", weights: foreign });
      troubles.push({ at: Date.now(), kind: "weights", weights: foreign });
    }
  }
  await Promise.all(faults);
}

/** At any time, or within a few milliseconds of the next write: that is where a half-done step is left behind. */
async function killServer(
  { sandbox, servers }: World,
  chance: Chance,
  troubles: Trouble[],
  signal: AbortSignal,
): Promise<void> {
  const server = chance.pick(servers);
  const [isAtWrite, afterMs] = [chance.isHit(0.6), chance.whole(0, 25)];
  const downMs = chance.isHit(0.5) ? 0 : chance.whole(0, 1_200);
  if (isAtWrite) {
    const readAfter = (sequence: number) => sandbox.call<{ sequence: number }[]>("GET", `/journal?after=${sequence}`);
    const seen = (await readAfter(0)).at(-1)?.sequence ?? 0;
    const deadline = Date.now() + WRITE_WITHIN_MS;
    while ((await readAfter(seen)).length === 0 && Date.now() < deadline && !signal.aborted) await delay(POLL_MS);
    await delay(afterMs);
  }
  troubles.push({ at: Date.now(), kind: "kill" });
  await server.kill();
  await delay(downMs);
  await server.start();
}

/** Resolves when the fault is over, with how often it hit in its record. */
async function addFault(
  sandbox: SandboxProcess,
  chance: Chance,
  troubles: Trouble[],
  signal: AbortSignal,
): Promise<void> {
  const kind = chance.weighted({ throttle: 2, error: 2, latency: 2, timeout: 2, reset: 5, stale: 3 });
  const isWrite = kind !== "stale" && chance.isHit(0.7);
  const on = isWrite
    ? chance.pick(WRITES[sandbox.kind])
    : chance.isHit(0.2)
      ? { service: "*" }
      : chance.pick(READS[sandbox.kind]);
  const ms = {
    latency: chance.whole(100, 3_000),
    timeout: chance.whole(500, 7_000),
    stale: chance.whole(1_000, 20_000),
  };
  const fault = {
    ...on,
    kind,
    count: isWrite ? chance.whole(1, 2) : chance.whole(1, 8),
    ...(kind in ms ? { ms: ms[kind as keyof typeof ms] } : {}),
    ...(kind === "timeout" || kind === "reset" ? { phase: chance.pick(["before", "after"]) } : {}),
  };
  // A write comes seldom: what waits for one may wait longer.
  const endsInMs = isWrite ? chance.whole(4_000, 15_000) : chance.whole(1_000, READ_FAULT_MS);
  const { id } = await sandbox.call<{ id: string }>("POST", "/faults", fault);
  const lostMs = kind === "stale" ? ms.stale / sandbox.speed : (ms[kind as keyof typeof ms] ?? 0);
  const trouble = {
    at: Date.now(),
    kind: "fault" as const,
    what: JSON.stringify(fault),
    ms: lostMs,
    hits: fault.count,
  };
  troubles.push(trouble);
  await delay(endsInMs, undefined, { signal }).catch(() => undefined);
  const left = (await sandbox.call<{ id: string; hits: number }[]>("GET", "/faults")).find((one) => one.id === id);
  // One that hit as often as it may is gone already.
  if (!left) return;
  trouble.hits = left.hits;
  await sandbox.call("DELETE", `/faults/${id}`).catch(() => undefined);
}

interface RunningTask {
  id: string;
  lastStatus: string;
  address?: string;
  port?: number;
}

/** A task set's tasks all have the one service: the target group that holds a task says which side it is. */
async function sideOf(sandbox: SandboxProcess, { address, port }: RunningTask): Promise<SlotColor> {
  type Groups = Record<string, { targets: Record<string, unknown> }>;
  const { targetGroups } = await sandbox.call<{ targetGroups: Groups }>("GET", "/traffic");
  return `${address}:${port}` in (targetGroups["library-green-tg"]?.targets ?? {}) ? "green" : "blue";
}

async function killTask(sandbox: SandboxProcess, chance: Chance, troubles: Trouble[]): Promise<void> {
  const tasks = await sandbox.call<RunningTask[]>("GET", "/tasks");
  const running = tasks.filter((task) => task.lastStatus === "RUNNING");
  const task = running[chance.whole(0, Math.max(0, running.length - 1))];
  if (!task) return;
  troubles.push({ at: Date.now(), kind: "task", side: await sideOf(sandbox, task) });
  // It may have ended by itself in between.
  await sandbox.call("POST", `/tasks/${task.id}/kill`).catch(() => undefined);
}
