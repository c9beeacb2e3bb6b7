import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { quantile } from "../bench/figure.ts";
import { countAnswers, type DrivenResult, drivenLines, drivenStory, runDriven } from "./driven-run.ts";
import { verifyDriven } from "./driven-verify.ts";
import type { Violation } from "./evidence.ts";
import { countShifts } from "./history.ts";
import { openRecords, type RecordKind, type RunRecord } from "./records.ts";
import { type RunResult, runOnce } from "./run.ts";
import { KEPT_SEEDS } from "./seeds.ts";
import { verify } from "./verify.ts";
import { type SandboxProcess, startSandbox, type WorldKind } from "./world.ts";

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "10" },
    seed: { type: "string" },
    speed: { type: "string", default: "10" },
    workers: { type: "string", default: "2" },
    worlds: { type: "string" },
    kept: { type: "boolean", default: false },
    report: { type: "string" },
    verbose: { type: "boolean", default: false },
  },
});
const runs = number("runs", values.runs);
const seed = number("seed", values.seed ?? String(1 + Math.floor(Math.random() * 1_000_000)));
const speed = number("speed", values.speed);
const workers = number("workers", values.workers);
const onlyDriven = readWorlds();
// A given seed is a replay: that one, and those after it.
const seeds = [
  ...new Set([
    ...(values.seed === undefined || values.kept ? KEPT_SEEDS : []),
    ...Array.from({ length: runs }, (_, i) => seed + i),
  ]),
];

const results: RunResult[] = [];
const driven: DrivenResult[] = [];
const broken: ({ seed: number } & Violation)[] = [];
let done = 0;
// The sandbox takes any, but the SDK insists on having some.
process.env.AWS_ACCESS_KEY_ID ??= "torture";
process.env.AWS_SECRET_ACCESS_KEY ??= "torture";
const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort());
const queues: Record<WorldKind, number[]> = { paired: [], "task-sets": [], driven: [] };
for (const one of seeds) queues[worldOf(one)].push(one);
const records = await openRecords();
if (!records.hasPostgres) console.log("There is no PostgreSQL server here: every run has one replica");
await Promise.all(Array.from({ length: workers }, (_, i) => work(i))).finally(records.stop);
if (values.report) writeFileSync(values.report, JSON.stringify({ kept: done - brokenSeeds(), broken }));
summarize();
process.exit(broken.length > 0 || stop.signal.aborted ? 1 : 0);

/** The same seed always has the same world. */
function worldOf(one: number): WorldKind {
  if (onlyDriven || one % 5 === 3) return "driven";
  return one % 2 === 0 ? "paired" : "task-sets";
}

/** And the same record, where there is a PostgreSQL server for two replicas to share. */
function recordOf(one: number): RecordKind {
  return one % 4 < 2 ? "embedded" : "postgres";
}

/** Does the runs of one world on a sandbox of its own, then helps with the others'. */
async function work(index: number): Promise<void> {
  const kinds: readonly WorldKind[] = ["paired", "task-sets", "driven"];
  for (let i = 0; i < kinds.length; i += 1) {
    const kind = kinds[(index + i) % kinds.length] ?? "paired";
    if (queues[kind].length === 0 || stop.signal.aborted) continue;
    // What AWS drives goes by AWS's clock, so that it has to be this machine's.
    const sandbox = await startSandbox(kind, kind === "driven" ? 1 : speed);
    try {
      for (let one = queues[kind].shift(); one !== undefined; one = queues[kind].shift()) {
        await runSeed(sandbox, one);
        if (stop.signal.aborted) return;
      }
    } finally {
      await sandbox.stop();
    }
  }
}

async function runSeed(sandbox: SandboxProcess, one: number): Promise<void> {
  const startedAt = Date.now();
  const record = await records.fresh(recordOf(one));
  const result = await (sandbox.kind === "driven" ? judgeDriven : judge)(sandbox, record, one)
    .catch((error: Error): Judged => ({ violations: [{ promise: "the server comes back", what: error.message }] }))
    .finally(record.remove);
  const { violations, story = "" } = result;
  broken.push(...violations.map((violation) => ({ seed: one, ...violation })));
  done += 1;
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(0);
  console.log(
    `${done}/${seeds.length} seed ${one} (${sandbox.kind}, ${record.kind}): ${violations.length === 0 ? "kept" : "BROKEN"} (${story}, ${seconds} s)`,
  );
  for (const { promise, what } of violations) console.log(`  ${promise}: ${what}`);
  if (violations.length > 0)
    console.log(
      `  replay: npm run torture -- --runs 1 --seed ${one} --speed ${speed}${onlyDriven ? " --worlds driven" : ""} --verbose`,
    );
  if (values.verbose || violations.length > 0) result.tell?.();
}

/** What a run came to, and how it is told. */
interface Judged {
  violations: Violation[];
  story?: string;
  tell?: () => void;
}

async function judge(sandbox: SandboxProcess, record: RunRecord, one: number): Promise<Judged> {
  const result = await runOnce(sandbox, record, one);
  results.push(result);
  return { violations: verify(result.evidence), story: storyOf(result), tell: () => tell(result, linesOf(result)) };
}

async function judgeDriven(sandbox: SandboxProcess, record: RunRecord, one: number): Promise<Judged> {
  const result = await runDriven(sandbox, record, one);
  driven.push(result);
  const { evidence } = result;
  return {
    violations: verifyDriven(evidence),
    story: drivenStory(result),
    tell: () => tell(result, drivenLines(result)),
  };
}

function readWorlds(): boolean {
  if (values.worlds === undefined || values.worlds === "driven") return values.worlds === "driven";
  console.error(`--worlds is ${JSON.stringify(values.worlds)}: give driven, or leave it out for all`);
  process.exit(1);
}

function brokenSeeds(): number {
  return new Set(broken.map((each) => each.seed)).size;
}

function number(name: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1) return value;
  console.error(`--${name} is ${JSON.stringify(text)}: give a whole number, 1 or more`);
  process.exit(1);
}

function storyOf({ evidence, sent }: RunResult): string {
  const of = (kind: string) => evidence.troubles.filter((trouble) => trouble.kind === kind).length;
  const hits = hitsOf(evidence);
  const ends = evidence.deployments.map((deployment) => deployment.status);
  return `${evidence.deployments.length} deployments ${ends.join(" ")}, ${countShifts(evidence)} shifts, ${of("kill")} kills, ${of("fault")} faults (${hits} hits), ${of("weights")} foreign shifts, ${of("task")} tasks killed, ${of("rule")} rules, ${of("deregister")} deregistered${evidence.togetherArn ? ", two listeners" : ""}, ${evidence.failures.length} of ${sent} requests failed`;
}

function hitsOf({ troubles }: (RunResult | DrivenResult)["evidence"]): number {
  return troubles.reduce((sum, trouble) => sum + (trouble.kind === "fault" ? trouble.hits : 0), 0);
}

interface Line {
  at: number;
  text: string;
}

/** One story in the order of its time, for whoever replays a seed. */
function tell({ evidence, serverLog }: RunResult | DrivenResult, more: readonly Line[]): void {
  const { startedAt } = evidence;
  const lines = [
    ...evidence.troubles.map((one) => ({ at: one.at, text: `trouble  ${JSON.stringify({ ...one, at: undefined })}` })),
    ...evidence.requests.map((one) => ({
      at: one.at,
      text: `request  ${one.verb} ${one.key ?? ""} -> ${one.status} ${one.code ?? ""} ${one.deploymentId ?? ""}`,
    })),
    ...evidence.writes.map((one) => ({
      at: one.at,
      text: `aws      ${one.operation} ${one.error ?? "took effect"} ${one.requestId} ${JSON.stringify(one.input).slice(0, 1500)}`,
    })),
    ...evidence.deployments.flatMap(({ id, journal }) =>
      journal.map((one) => ({ at: one.at, text: `journal  ${id} ${one.step} ${one.phase}: ${one.message}` })),
    ),
    ...more,
  ];
  for (const { at, text } of lines.sort((a, b) => a.at - b.at))
    console.log(`${((at - startedAt) / 1000).toFixed(2).padStart(8)} ${text}`);
  if (serverLog !== "") console.log(serverLog);
}

function linesOf({ evidence: { samples, failures } }: RunResult): Line[] {
  return [
    ...samples.flatMap(({ at, healthy }, i) => {
      const before = samples[i - 1]?.healthy;
      if (before?.blue === healthy.blue && before.green === healthy.green) return [];
      return [{ at, text: `healthy  blue ${healthy.blue}, green ${healthy.green}` }];
    }),
    ...failures.slice(0, 50).map((one) => ({ at: one.at, text: `client   ${one.what}` })),
  ];
}

function summarize(): void {
  const all = [...results, ...driven];
  const sumOf = <T>(list: readonly T[], count: (result: T) => number) =>
    list.reduce((total, result) => total + count(result), 0);
  const sum = (count: (result: RunResult) => number) => results.reduce((total, result) => total + count(result), 0);
  const troubles = (kind: string) =>
    sumOf(all, ({ evidence }) => evidence.troubles.filter((trouble) => trouble.kind === kind).length);
  const starts = all.flatMap((result) => result.startMs);
  console.log(
    [
      "",
      `${all.length} runs from seed ${seed}: ${broken.length} promises broken in ${brokenSeeds()} runs`,
      `${troubles("kill")} SIGKILLs, ${troubles("fault")} faults that hit ${sumOf(all, ({ evidence }) => hitsOf(evidence))} calls, ${troubles("weights")} foreign shifts, ${troubles("task")} tasks killed`,
      `${sumOf(all, ({ evidence }) => evidence.deployments.length)} deployments, ${sum(({ evidence }) => countShifts(evidence))} shifts, ${sumOf(all, ({ evidence }) => evidence.writes.length)} AWS writes, ${sumOf(all, ({ evidence }) => evidence.requests.length)} API requests`,
      `${driven.length} runs of what AWS drives: ${sumOf(driven, countAnswers)} answers to gates, ${sumOf(driven, ({ evidence }) => evidence.hands.length)} acts of somebody at the console`,
      `${sum((result) => result.sent)} client requests, ${sum(({ evidence }) => evidence.failures.length)} failed with an excuse or without`,
      `server start to first answer, p95: ${(quantile(starts, 0.95) / 1000).toFixed(1)} s`,
    ].join("\n"),
  );
}
