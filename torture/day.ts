import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { until } from "../bench/local-process.ts";
import { residentMiB } from "../bench/world.ts";
import { startTraffic } from "../e2e/traffic.ts";
import { createStore } from "../lib/store/create-store.ts";
import { findPostgres, startPostgres } from "../lib/testing/test-postgres.ts";
import { type Click, type Person, signIn } from "./day-people.ts";
import { findWrong, openViewers } from "./day-viewers.ts";
import type { Evidence } from "./evidence.ts";
import { weightChanges, weightsAt } from "./history.ts";
import { readWrites } from "./run.ts";
import { createServerProcess, libraryConfiguration, type ServerProcess } from "./server.ts";
import { startSandbox } from "./world.ts";

/*
 * A day of life: two replicas on PostgreSQL, fifty boards that stay open, people who release, approve and roll back, and in turn an
 * outage of each part and each replica replaced. AWS's clock runs faster. What the screens said and what the clicks came to is held
 * against the sandbox's own record.
 */

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "10" },
    viewers: { type: "string", default: "50" },
    speed: { type: "string", default: "10" },
  },
});
const HOURS = 24;
const hourMs = (Number(values.minutes) * 60_000) / HOURS;
const APPLICATION = "/api/v1/applications/library";
const APPROVALS = { release: { approvers: 1, timeLimitMinutes: 60 } };
/** What a process may keep more in the second half of the day than in the first. */
const MOST_GROWTH = 1.25;
const SAMPLE_MS = 5_000;

process.env.AWS_ACCESS_KEY_ID ??= "torture";
process.env.AWS_SECRET_ACCESS_KEY ??= "torture";
const bin = findPostgres();
if (bin === null) throw new Error("There is no PostgreSQL server here");
const database = await startPostgres(bin);
await (await createStore({ databaseUrl: database.url })).close();
const sandbox = await startSandbox("paired", Number(values.speed));
await sandbox.call("POST", "/reset");
const record = { settings: async (directory: string) => ({ DATA_DIR: directory, DATABASE_URL: database.url }) };
const seeded = libraryConfiguration(sandbox, { bakeMinutes: 0, secondPort: null }) as { applications: object[] };
const configuration = {
  ...seeded,
  applications: seeded.applications.map((each) => ({ ...each, approvals: APPROVALS })),
};
const newServer = () => createServerProcess(sandbox, { configuration, record });
const [one, two] = [await newServer(), await newServer()];
const servers: readonly ServerProcess[] = [one, two];
const clicks: Click[] = [];
const problems: string[] = [];
try {
  await Promise.all(servers.map((server) => server.start()));
  const operator = await signIn("operator", servers, clicks);
  const approver = await signIn("approver", servers, clicks);
  const viewers = openViewers(servers, Number(values.viewers));
  const traffic = startTraffic(sandbox.albUrl, 20);
  const memory = watchMemory(one);
  const startedAt = Date.now();
  for (let hour = 0; hour < HOURS; hour += 1) {
    const trouble = troubleOf(hour);
    console.log(`${String(hour).padStart(2, "0")}:00 ${trouble?.name ?? "quiet"}; ${doingOf(hour)}`);
    const ends = startedAt + (hour + 1) * hourMs;
    await Promise.all([
      trouble?.make().catch((error: unknown) => problems.push(`${hour}:00 ${trouble.name}: ${String(error)}`)),
      work(hour, operator, approver).catch((error: unknown) => problems.push(`${hour}:00 ${String(error)}`)),
    ]);
    await delay(Math.max(0, ends - Date.now()));
  }
  await until(
    "the last deployment ends",
    async () => (await operator.read<{ deployment: unknown }>(APPLICATION)).deployment === null,
    120_000,
  ).catch((error: unknown) => problems.push(String(error)));
  memory.stop();
  await viewers.stop();
  const sent = await traffic.stop();
  await judge({ viewers, memory: memory.samples, failed: sent.failures.length, sent: sent.sent, operator });
} finally {
  for (const server of servers) await server.remove();
  await sandbox.stop();
  await database.stop();
}

/** What goes wrong in that hour, and is over within it. */
function troubleOf(hour: number): { name: string; make: () => Promise<unknown> } | null {
  const fault = (name: string, body: object) => ({
    name,
    async make() {
      const { id } = await sandbox.call<{ id: string }>("POST", "/faults", body);
      await delay(hourMs * 0.4);
      await sandbox.call("DELETE", `/faults/${id}`).catch(() => undefined);
    },
  });
  const troubles: Readonly<Record<number, { name: string; make: () => Promise<unknown> }>> = {
    2: fault("ELBv2 throttles", { service: "elbv2", kind: "throttle", rate: 0.5 }),
    4: {
      name: "PostgreSQL away",
      async make() {
        await database.halt();
        await delay(hourMs * 0.4);
        await database.resume();
      },
    },
    6: fault("ECS answers with errors", { service: "ecs", kind: "error", rate: 0.5 }),
    8: {
      name: "a replica is killed",
      async make() {
        await two.kill();
        await delay(2_000);
        await two.start();
      },
    },
    10: fault("CloudWatch Logs hangs", { service: "logs", kind: "timeout", ms: 5_000, rate: 1 }),
    12: {
      name: "a replica is replaced",
      async make() {
        await two.end();
        await two.start();
      },
    },
    14: fault("CloudWatch answers with errors", { service: "cloudwatch", kind: "error", rate: 1 }),
    16: fault("all of AWS is slow", { service: "*", kind: "latency", ms: 1_500, rate: 1 }),
    18: fault("ECR answers with errors", { service: "ecr", kind: "error", rate: 1 }),
    20: fault("answers of ELBv2 are lost", { service: "elbv2", kind: "reset", phase: "after", rate: 0.2 }),
    22: {
      name: "both replicas are replaced, one after the other",
      async make() {
        await two.end();
        await two.start();
        // The first one's memory is judged up to here.
        await one.end();
        await one.start();
      },
    },
  };
  return troubles[hour] ?? null;
}

function doingOf(hour: number): string {
  return hour % 3 === 2 ? "rollback" : hour % 3 === 1 ? "nobody" : "release with approval";
}

async function work(hour: number, operator: Person, approver: Person): Promise<void> {
  if (doingOf(hour) === "nobody") return;
  await takeNote(operator);
  if (doingOf(hour) === "rollback") {
    await operator.click("rollback", `${APPLICATION}/rollback`, { reason: "As every third hour" });
    return;
  }
  const imageTag = hour % 6 === 0 ? "1.1.0" : "1.0.0";
  const { click } = await operator.click("release", `${APPLICATION}/deployments`, { imageTag });
  if (!click.deploymentId) return;
  const path = `/api/v1/deployments/${click.deploymentId}`;
  await until(
    "the release waits for approval or has ended",
    async () => {
      const { approval, status } = await operator.read<{ approval?: { expiresAt: number | null }; status: string }>(
        path,
      );
      return (status !== "PENDING" && status !== "IN_PROGRESS") || (approval?.expiresAt ?? null) !== null;
    },
    90_000,
  );
  // What an approver approves stands on the receipt, which the first answer holds.
  const first = await approver.click("approval without a receipt", `${path}/approve`, {});
  const hash = (first.body.receipt as { approvalHash?: string } | undefined)?.approvalHash;
  if (hash) await approver.click("approval", `${path}/approve`, { receipt: hash });
}

async function takeNote(person: Person): Promise<void> {
  type Seen = { drifts?: { id: string }[]; automaticRollback?: { deploymentId: string } };
  const { drifts = [], automaticRollback } = await person.read<Seen>(APPLICATION);
  for (const { id } of drifts) await person.click("note of a change", `${APPLICATION}/drifts`, { drift: id });
  if (automaticRollback)
    await person.click("note of a rollback", `/api/v1/deployments/${automaticRollback.deploymentId}/acknowledge`, {});
}

function watchMemory(server: ServerProcess) {
  const samples: number[] = [];
  const first = server.pid();
  const timer = setInterval(() => {
    const pid = server.pid();
    if (pid !== null && pid === first)
      void residentMiB(pid).then(
        (mib) => samples.push(mib),
        () => undefined,
      );
  }, SAMPLE_MS);
  return { samples, stop: () => clearInterval(timer) };
}

async function judge(day: {
  viewers: ReturnType<typeof openViewers>;
  memory: readonly number[];
  failed: number;
  sent: number;
  operator: Person;
}): Promise<void> {
  const { viewers, memory, operator } = day;
  const evidence = { writes: await readWrites(sandbox), troubles: [], testListenerArn: await testListener(operator) };
  // Safe because only these are read for the history of the weights.
  const changes = weightChanges(evidence as unknown as Evidence);
  const wrong = findWrong(viewers.statements, changes);
  const lost = await findLost(operator);
  const untrue = await findUntrueEnds(operator, changes);
  const half = Math.floor(memory.length / 2);
  const [before, after] = [median(memory.slice(Math.floor(half / 2), half)), median(memory.slice(half))];
  const rows = [
    ["clicks", clicks.length, ""],
    ["clicks lost", lost.length, "0"],
    ["statements on screens", viewers.statements.length, ""],
    ["wrong statements", wrong.length + untrue.length, "0"],
    ["events to viewers", viewers.events, ""],
    ["streams taken up again", viewers.reconnects, ""],
    ["weights written", changes.length, ""],
    ["requests of clients that failed", `${day.failed} of ${day.sent}`, "0"],
    ["resident memory, first and second half, MiB", `${before.toFixed(0)}, ${after.toFixed(0)}`, `x ${MOST_GROWTH}`],
  ] as const;
  console.table(rows.map(([what, value, most]) => ({ what, value, most })));
  const grown = before > 0 && after > before * MOST_GROWTH ? ["memory grew"] : [];
  const failed = day.failed > 0 ? [`${day.failed} requests of clients failed`] : [];
  for (const each of [...problems, ...lost, ...wrong.slice(0, 20), ...untrue, ...grown, ...failed]) console.log(each);
  const counts = Object.entries(
    Object.groupBy(clicks, (click) => `${click.what}: ${click.status} ${click.code ?? ""}`),
  );
  for (const [what, some = []] of counts) console.log(`${String(some.length).padStart(4)} ${what}`);
  const isWell = [...problems, ...lost, ...wrong, ...untrue, ...grown, ...failed].length === 0;
  process.exitCode = isWell ? 0 : 1;
}

async function testListener(operator: Person): Promise<string | undefined> {
  const { traffic } = await operator.read<{ traffic: { test?: { listenerOrRuleArn: string } } }>(APPLICATION);
  return traffic.test?.listenerOrRuleArn;
}

/** Clicks that nobody answered, or whose deployment is not on record or never ended. */
async function findLost(operator: Person): Promise<string[]> {
  const lost: string[] = [];
  for (const click of clicks) {
    const at = new Date(click.at).toISOString();
    if (click.status === 0) lost.push(`${at} ${click.what} was never answered`);
    if (!click.deploymentId || click.status > 299) continue;
    const { status } = await operator.read<{ status: string }>(`/api/v1/deployments/${click.deploymentId}`);
    if (["PENDING", "IN_PROGRESS", "ROLLBACK_REQUESTED", "ROLLBACK_IN_PROGRESS"].includes(status))
      lost.push(`${at} ${click.what}: ${click.deploymentId} is still ${status}`);
  }
  return lost;
}

/** Deployments that say how they ended while the listener held something else. */
async function findUntrueEnds(operator: Person, changes: ReturnType<typeof weightChanges>): Promise<string[]> {
  type End = {
    id: string;
    kind: string;
    status: string;
    to: "blue" | "green";
    from: "blue" | "green";
    finishedAt: number | null;
  };
  const { items } = await operator.read<{ items: End[] }>(`${APPLICATION}/deployments?limit=100`);
  return items.flatMap(({ id, kind, status, to, from, finishedAt }) => {
    const side = status === "SUCCESSFUL" ? to : status === "ROLLBACK_SUCCESSFUL" ? from : null;
    if (side === null || finishedAt === null) return [];
    const held = weightsAt(changes, finishedAt);
    if (held[side] === 100) return [];
    const near = changes
      .filter(({ at }) => Math.abs(at - finishedAt) < 60_000)
      .map(({ at, after }) => `${after.blue}/${after.green} at ${at}`);
    return [
      `${id} (${kind}) ended ${status} at ${finishedAt}, but ${side} had ${held[side]} then; blue/green: ${near.join(", ")}`,
    ];
  });
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}
