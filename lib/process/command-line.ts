import { readFileSync } from "node:fs";
import { type Aws, createAws } from "../aws/aws.ts";
import { limitsOf } from "../aws/budget-limits.ts";
import { type AccountConfig, placeOf } from "../config/accounts-config.ts";
import { addToFile } from "../config/add-to-file.ts";
import { parseConfigFile } from "../config/config-file.ts";
import { readEnvironment } from "../config/environment.ts";
import { toConfigText } from "../domain/discovery/config-text.ts";
import type { Discovery } from "../domain/discovery/discovery.ts";
import { propose } from "../domain/discovery/propose.ts";
import type { PutOff, ReadinessReport } from "../domain/readiness/readiness.ts";
import { readinessReport } from "../domain/readiness/readiness-report.ts";
import { toJunit, toText } from "../domain/readiness/readiness-text.ts";
import type { StandIn, Subject } from "../domain/readiness/subject.ts";
import { inEnglish } from "../domain/sentence/in-language.ts";
import { discover } from "../gather/discover.ts";
import { gatherReadiness } from "../gather/gather-readiness.ts";
import { createGithub } from "../gather/github.ts";
import { proposedSubject, subjectOf } from "../gather/readiness-subject.ts";
import { openAws } from "../observe/open-place.ts";
import { type GivenPutOff, readPutOffs, readRecordedPutOffs } from "./verify-put-offs.ts";

/** What a command came to. 0: nothing fails; 1: something does; 2: it was not understood, or AWS could not be asked. */
export interface CommandOutcome {
  status: 0 | 1 | 2;
  out: string;
  error: string;
}

type Env = Readonly<Record<string, string | undefined>>;

const USAGE = `Usage:
  npx switchyard verify [APPLICATION...] [--json | --junit] [--put-off STEP,...] [--put-off STEP=DAY:REASON]
      checks what a deployment needs; ends with 0 only when nothing fails. A step that is put off fails no more: in this run,
      or until the day, such as --put-off "load-balancer=2027-01-31:waits for the budget". With DATABASE_URL, what was put off on
      the page counts as well
  npx switchyard init [--json | --write]
      looks at what is in AWS and prints a switchyard.yaml for it; changes nothing in AWS, and writes nothing unless --write
      adds what it found to switchyard.yaml, where everything else stays as it is
Settings: SWITCHYARD_CONFIG, SWITCHYARD_GITHUB_TOKEN, DATABASE_URL (or DATABASE_PASSWORD with it), AWS_REGION and the AWS SDK's own.
`;

/** Runs `verify` or `init`. Reads AWS and switchyard.yaml; writes nothing anywhere. */
export async function runCommand(argv: readonly string[], env: Env, now = Date.now): Promise<CommandOutcome> {
  const [command, ...rest] = argv;
  if (command === undefined || command === "--help" || command === "help") return { status: 0, out: USAGE, error: "" };
  if (command === "verify") return verify(rest, env, now);
  if (command === "init") return init(rest, env);
  return wrong(`${JSON.stringify(command)} is no command`);
}

async function verify(args: readonly string[], env: Env, now: () => number): Promise<CommandOutcome> {
  const flags = readFlags(args, ["--json", "--junit"]);
  if (flags.problem !== null) return wrong(flags.problem);
  const read = readSubjects(env);
  if ("problem" in read) return wrong(read.problem);
  const unknown = flags.names.find((name) => !read.subjects.some(({ application }) => application === name));
  if (unknown !== undefined)
    return wrong(
      `there is no application ${unknown}; there are ${read.subjects.map((one) => one.application).join(", ")}`,
    );
  const chosen = read.subjects.filter(
    ({ application }) => flags.names.length === 0 || flags.names.includes(application),
  );
  const recorded = await readRecordedPutOffs(
    readEnvironment(env).environment.databaseUrl,
    chosen.map(({ application }) => application),
  );
  const reports = await withAws(read.region, env, now, async (inPlace) => {
    const all: ReadinessReport[] = [];
    for (const given of chosen) {
      const { account, region } = given;
      const aws = [inPlace(account, region), (name: string) => inPlace(account, name)] as const;
      all.push(await reportOn(aws, given, [...putOffsOf(given, flags, now()), ...recorded.putOffs], now, env));
    }
    return all;
  });
  const out = flags.set.has("--json")
    ? `${JSON.stringify(reports, null, 2)}\n`
    : flags.set.has("--junit")
      ? toJunit(reports)
      : reports.map(toText).join("\n");
  const isUnasked = reports.some(({ identity }) => identity.points[0]?.outcome === "unknown");
  if (isUnasked)
    return { status: 2, out, error: `AWS could not be asked: ${reports[0]?.identity.points[0]?.evidence}\n` };
  const hasFailed = reports.some(({ counts }) => counts.fail > 0);
  return { status: hasFailed ? 1 : 0, out, error: hasFailed ? recorded.note : "" };
}

async function reportOn(
  [aws, inRegion]: readonly [Aws, (region: string) => Aws],
  given: Subject,
  putOffs: readonly PutOff[],
  now: () => number,
  env: Env,
) {
  const { github } = readEnvironment(env).environment;
  const why = "this command does not read Switchyard's record; its page and REST do";
  const { subject, facts } = await gatherReadiness(
    aws,
    given,
    { state: "not seen", why },
    now,
    github && createGithub(github),
    inRegion,
  );
  return readinessReport(subject, facts, putOffs, now());
}

/** What this run puts off; it counts before what the page has. */
function putOffsOf({ application }: Subject, { putOff }: Flags, at: number): PutOff[] {
  return putOff.map((one) => ({ ...one, application, by: "the command line", at }));
}

async function init(args: readonly string[], env: Env): Promise<CommandOutcome> {
  const flags = readFlags(args, ["--json", "--write"]);
  if (flags.problem !== null) return wrong(flags.problem);
  if (flags.names.length > 0) return wrong(`init takes no name: ${flags.names.join(", ")}`);
  const region = env.AWS_REGION ?? env.AWS_DEFAULT_REGION;
  if (!region) return wrong("AWS_REGION is not set");
  const discovery = await withAws(region, env, Date.now, (inPlace) => discover(inPlace(null, region)));
  const proposed = propose(discovery);
  const out = flags.set.has("--json")
    ? `${JSON.stringify(inWords(proposed, discovery), null, 2)}\n`
    : toConfigText(discovery, proposed);
  const status = discovery.notSeen.length > 0 ? 2 : 0;
  if (flags.set.has("--write")) {
    const path = readEnvironment(env).environment.configPath;
    const written = addToFile(path, out, proposed.proposals, env);
    if (!written.ok) return { status: 2, out: "", error: `${path} was not changed: ${written.problem}\n` };
    const leftOut = proposed.undecided.map(({ service, why }) => `Left out ${service}: ${inEnglish(why)}\n`).join("");
    return { status, out: `${addedWords(path, written.added)}\n${leftOut}`, error: notSeenWords(discovery) };
  }
  return { status, out, error: notSeenWords(discovery) };
}

function addedWords(path: string, added: readonly string[]): string {
  return added.length === 0
    ? `${path} stays as it is: nothing was found that it does not describe`
    : `Added ${added.join(", ")} to ${path}. Read the comments there, and check it with npx switchyard verify`;
}

function notSeenWords({ notSeen }: Pick<Discovery, "notSeen">): string {
  return notSeen.map((one) => `${inEnglish(one)}\n`).join("");
}

/** For programs: the sentences in English. */
function inWords({ proposals, undecided }: ReturnType<typeof propose>, { notSeen }: Pick<Discovery, "notSeen">) {
  return {
    proposals: proposals.map(({ notes, open, ...rest }) => ({
      ...{ ...rest, notes: notes.map(inEnglish), open: open.map(inEnglish) },
    })),
    undecided: undecided.map(({ why, ...rest }) => ({ ...rest, why: inEnglish(why) })),
    notSeen: notSeen.map(inEnglish),
  };
}

/** Something to verify, with the account that it is in. */
interface Placed extends Subject {
  account: AccountConfig | null;
}

function readSubjects(env: Env): { subjects: readonly Placed[]; region: string } | { problem: string } {
  const { environment } = readEnvironment(env);
  const { endpoint, configPath } = environment;
  const standIn = endpoint === null ? null : { endpoint, configPath };
  let text: string;
  try {
    text = readFileSync(environment.configPath, "utf8");
  } catch {
    // Before there is a file, what the templates would make is looked at.
    if (environment.region === null) return { problem: "AWS_REGION is not set" };
    if (env.SWITCHYARD_CONFIG) return { problem: `${environment.configPath} (SWITCHYARD_CONFIG) cannot be read` };
    return { subjects: [proposed(environment.region, standIn)], region: environment.region };
  }
  const parsed = parseConfigFile(text, environment.configPath, env);
  if (!parsed.ok)
    return { problem: parsed.problems.map(({ where, message, fix }) => `${where}: ${message}; ${fix}`).join("\n") };
  const region = parsed.file.region ?? environment.region ?? parsed.file.applications[0]?.region ?? null;
  if (region === null) return { problem: "AWS_REGION is not set and the file names no region" };
  const subjects = parsed.file.applications.map((application): Placed => {
    const place = placeOf(application, parsed.file.accounts, region);
    return { ...subjectOf(application, place.region, standIn), account: place.account };
  });
  return { subjects: subjects.length > 0 ? subjects : [proposed(region, standIn)], region };
}

function proposed(region: string, standIn: StandIn | null): Placed {
  return { ...proposedSubject(region, standIn), account: null };
}

interface Flags {
  /** Null when they were understood. */
  problem: string | null;
  set: ReadonlySet<string>;
  names: readonly string[];
  putOff: readonly GivenPutOff[];
}

function readFlags(args: readonly string[], known: readonly string[]): Flags {
  const set = new Set<string>();
  const names: string[] = [];
  const putOff: GivenPutOff[] = [];
  let problem: string | null = null;
  for (const [index, argument] of args.entries()) {
    if (args[index - 1] === "--put-off") {
      const said = readPutOffs(argument);
      if (typeof said === "string") problem ??= said;
      else putOff.push(...said);
    } else if (argument === "--put-off" && known.includes("--junit")) continue;
    else if (argument.startsWith("-") && !known.includes(argument)) problem ??= `${argument} is no option here`;
    else if (argument.startsWith("-")) set.add(argument);
    else names.push(argument);
  }
  if (set.size > 1) problem ??= `${[...set].join(" and ")} at once: choose one`;
  return { problem, set, names, putOff };
}

async function withAws<T>(
  region: string,
  env: Env,
  now: () => number,
  work: (inPlace: (account: AccountConfig | null, region: string) => Aws) => Promise<T>,
): Promise<T> {
  const own = createAws({ region, endpoint: env.AWS_ENDPOINT_URL || null });
  const opened = new Map<string, Aws>();
  const inPlace = (account: AccountConfig | null, name: string) => {
    const key = `${account?.name ?? ""} ${name}`;
    const aws = opened.get(key) ?? openAws(own, { account, region: name }, limitsOf(account?.rateLimits ?? {}), now);
    opened.set(key, aws);
    return aws;
  };
  try {
    return await work(inPlace);
  } finally {
    for (const aws of new Set([own, ...opened.values()])) aws.destroy();
  }
}

function wrong(problem: string): CommandOutcome {
  return { status: 2, out: "", error: `switchyard: ${problem}\n${USAGE}` };
}
