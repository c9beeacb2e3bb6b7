import { setTimeout as delay } from "node:timers/promises";
import { createClients, DRIVEN_NAMES, drivenConfiguration, isAtRest } from "../bench/driven-world.ts";
import { jsonClient, until } from "../bench/local-process.ts";
import { ADMINISTRATOR } from "../lib/testing/shipped-policy.ts";
import { createChance } from "./chance.ts";
import { createDrivenActor } from "./driven-actor.ts";
import type { DrivenEvidence, HandAct } from "./driven-evidence.ts";
import { settleDriven } from "./driven-settings.ts";
import type { Trouble } from "./evidence.ts";
import { actByHand, isBegun, readEnds } from "./hands.ts";
import { openIntents } from "./history.ts";
import type { RunRecord } from "./records.ts";
import { readWrites } from "./run.ts";
import { createServerProcess, type ServerProcess } from "./server.ts";
import { makeTrouble } from "./trouble.ts";
import type { SandboxProcess } from "./world.ts";

const SETTLES_WITHIN_MS = 300_000;
const OUTCOME_WITHIN_MS = 30_000;

/** What one run came to. */
export interface DrivenResult {
  evidence: DrivenEvidence;
  startMs: number[];
  serverLog: string;
}

/**
 * One seeded run of `orders` and `members`, which AWS drives: people at both, kills, faults and somebody at the console; then
 * quiet. In real time, as the ends of gates are told by AWS's clock.
 */
export async function runDriven(sandbox: SandboxProcess, record: RunRecord, seed: number): Promise<DrivenResult> {
  await sandbox.call("POST", "/reset");
  const clients = createClients(sandbox.url);
  const chance = createChance(seed, "run");
  const { approved } = await settleDriven(clients, chance);
  const configuration = drivenConfiguration(
    Object.fromEntries(approved.map((name) => [name, { approvals: APPROVALS }])),
  );
  const newServer = () => createServerProcess(sandbox, { configuration, record });
  const first = await newServer();
  const servers = record.kind === "postgres" ? ([first, await newServer()] as const) : ([first] as const);
  const actors = DRIVEN_NAMES.map((name) => createDrivenActor(name, servers, createChance(seed, name)));
  const readLogs = async () => (await Promise.all(servers.map((server) => server.readLog()))).join("");
  const readDeployments = async () => (await Promise.all(actors.map((actor) => actor.deployments()))).flat();
  const troubles: Trouble[] = [];
  const hands: HandAct[] = [];
  const stop = new AbortController();
  try {
    await until("ECS has made its first deployment", () => isBegun(clients), 120_000);
    const startMs = await Promise.all(servers.map((server) => server.start()));
    await until("both are at rest", () => areAtRest(first), 90_000);
    const startedAt = Date.now();
    const trouble = Promise.all([
      makeTrouble({ sandbox, servers }, createChance(seed, "trouble"), troubles, stop.signal),
      chance.isHit(0.75) ? actByHand(clients, createChance(seed, "hands"), hands, stop.signal) : null,
    ]).then(
      () => null,
      (error: unknown) => error,
    );
    await Promise.all(actors.map((actor) => actor.act(chance.whole(4, 7))));
    stop.abort();
    const failure = await trouble;
    if (failure) throw failure;
    await sandbox.call("DELETE", "/faults");
    for (const server of servers) if (!server.isUp()) startMs.push(await server.start());
    const isDone = async () => (await readEnds(clients)).every(({ isOver }) => isOver);
    // What somebody started last may be followed only after what it superseded has ended: then there is one more to end.
    const isQuiet = async () => {
      await Promise.all(actors.map((actor) => actor.windDown(SETTLES_WITHIN_MS)));
      return await isDone();
    };
    await until("AWS is done as well", isQuiet, SETTLES_WITHIN_MS).catch(() => null);
    await delay(500);
    const isWritten = async () => (await readDeployments()).every(({ journal }) => openIntents(journal).length === 0);
    await until("every intent has an outcome", isWritten, OUTCOME_WITHIN_MS).catch(() => null);
    const writes = await readWrites(sandbox);
    const evidence: DrivenEvidence = {
      startedAt,
      endedAt: Date.now(),
      writes: writes.filter(({ accessKeyId }) => accessKeyId !== ADMINISTRATOR.accessKeyId),
      hands,
      troubles,
      requests: actors.flatMap(({ requests }) => requests),
      clicks: actors.flatMap(({ clicks }) => clicks),
      deployments: await readDeployments(),
      aws: await readEnds(clients),
      approved,
    };
    return { evidence, startMs, serverLog: await readLogs() };
  } catch (error) {
    throw new Error(`The run broke off: ${String(error)}\n${(await readLogs()).slice(-2_000)}`, { cause: error });
  } finally {
    stop.abort();
    await sandbox.call("DELETE", "/faults").catch(() => undefined);
    for (const client of Object.values(clients)) client.destroy();
    for (const server of servers) await server.remove();
  }
}

/** Both as `isAtRest` has it, asked of the server. */
async function areAtRest({ url, token }: ServerProcess): Promise<boolean> {
  const call = jsonClient(url, { authorization: `Bearer ${token}` });
  const all = await Promise.all(
    DRIVEN_NAMES.map((name) => call<Parameters<typeof isAtRest>[0]>("GET", `/api/v1/applications/${name}`)),
  );
  return all.every(isAtRest);
}

const APPROVALS = { release: { approvers: 1, timeLimitMinutes: 60, onTimeLimit: "ROLLBACK" } };

/** Answers to gates that AWS took. */
export function countAnswers({ evidence }: DrivenResult): number {
  return evidence.writes.filter(({ operation, error }) => operation.startsWith("Continue") && error === null).length;
}

/** The story in one line. */
export function drivenStory(result: DrivenResult): string {
  const { evidence } = result;
  const { deployments, troubles, hands } = evidence;
  const of = (kind: string) => troubles.filter((trouble) => trouble.kind === kind).length;
  const ends = DRIVEN_NAMES.map((name) => {
    const own = deployments.filter(({ application }) => application === name);
    return `${name} ${own.map(({ status, aws }) => (aws?.isForeign ? `(${status})` : status)).join(" ")}`;
  });
  return `${ends.join("; ")}; ${countAnswers(result)} answers, ${of("kill")} kills, ${of("fault")} faults, ${hands.length} by hand${evidence.approved.length > 0 ? `, approved: ${evidence.approved.join(" ")}` : ""}`;
}

/** The same in the order of its time, for whoever replays a seed. */
export function drivenLines({ evidence }: DrivenResult): { at: number; text: string }[] {
  return [
    ...evidence.hands.map(({ at, application, what }) => ({ at, text: `hand     ${application} ${what}` })),
    ...evidence.clicks.map(({ at, application, verb, gate, status }) => ({
      at,
      text: `click    ${application} ${verb} ${gate} -> ${status}`,
    })),
    ...evidence.aws.flatMap(({ finishedAt, id, status }) =>
      finishedAt === null ? [] : [{ at: finishedAt, text: `ended    ${id} ${status}` }],
    ),
  ];
}
