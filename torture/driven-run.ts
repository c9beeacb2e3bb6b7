import { setTimeout as delay } from "node:timers/promises";
import { until } from "../bench/local-process.ts";
import { isInFlight } from "../lib/domain/deployment/deployment.ts";
import { ADMINISTRATOR } from "../lib/testing/shipped-policy.ts";
import { createChance } from "./chance.ts";
import { createDrivenActor } from "./driven-actor.ts";
import type { DrivenEvidence, DrivenName, HandAct } from "./driven-evidence.ts";
import { settleDriven } from "./driven-settings.ts";
import type { Trouble } from "./evidence.ts";
import { actByHand, createClients, isBegun, readEnds } from "./hands.ts";
import { openIntents } from "./history.ts";
import type { RunRecord } from "./records.ts";
import { readWrites } from "./run.ts";
import { createServerProcess, type ServerProcess } from "./server.ts";
import { makeTrouble } from "./trouble.ts";
import type { SandboxProcess } from "./world.ts";

const NAMES: readonly DrivenName[] = ["orders", "members"];
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
  const configuration = drivenConfiguration(approved);
  const newServer = () => createServerProcess(sandbox, { configuration, record });
  const first = await newServer();
  const servers = record.kind === "postgres" ? ([first, await newServer()] as const) : ([first] as const);
  const actors = NAMES.map((name) => createDrivenActor(name, servers, createChance(seed, name)));
  const readLogs = async () => (await Promise.all(servers.map((server) => server.readLog()))).join("");
  const readDeployments = async () => (await Promise.all(actors.map((actor) => actor.deployments()))).flat();
  const troubles: Trouble[] = [];
  const hands: HandAct[] = [];
  const stop = new AbortController();
  try {
    await until("ECS has made its first deployment", () => isBegun(clients), 120_000);
    const startMs = await Promise.all(servers.map((server) => server.start()));
    for (const name of NAMES) await until(`${name} is at rest`, () => isAtRest(first, name), 90_000);
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
    await Promise.all(actors.map((actor) => actor.windDown(SETTLES_WITHIN_MS)));
    await delay(500);
    const isWritten = async () => (await readDeployments()).every(({ journal }) => openIntents(journal).length === 0);
    await until("every intent has an outcome", isWritten, OUTCOME_WITHIN_MS).catch(() => null);
    const isDone = async () => (await readEnds(clients)).every(({ isOver }) => isOver);
    await until("AWS is done as well", isDone, OUTCOME_WITHIN_MS).catch(() => null);
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

async function isAtRest({ url, token }: ServerProcess, name: DrivenName): Promise<boolean> {
  const headers = { authorization: `Bearer ${token}` };
  const response = await fetch(`${url}/api/v1/applications/${name}`, { headers });
  const { deployment, traffic, slots } = await response.json();
  const { live } = traffic;
  return (
    !(deployment && isInFlight(deployment)) && (live === "blue" || live === "green") && slots[live].counts.healthy === 2
  );
}

function drivenConfiguration(approved: readonly DrivenName[]): object {
  const approvals = { release: { approvers: 1, timeLimitMinutes: 60, onTimeLimit: "ROLLBACK" } };
  const application = (name: DrivenName, settings: object) => ({
    name,
    cluster: "library-management-cluster",
    service: `${name}-service`,
    container: name,
    repository: name,
    logGroup: `/ecs/${name}-task`,
    metricPeriodSeconds: 10,
    ...settings,
    ...(approved.includes(name) ? { approvals } : {}),
  });
  return {
    region: "ap-northeast-2",
    access: { sandboxUsers: true },
    applications: [
      application("orders", { controller: "ecs-native" }),
      application("members", {
        controller: "code-deploy",
        codeDeploy: { application: "members", group: "members-group" },
      }),
    ],
  };
}

/** Answers to gates that AWS took. */
export function countAnswers({ evidence }: DrivenResult): number {
  return evidence.writes.filter(({ operation, error }) => operation.startsWith("Continue") && error === null).length;
}

/** The story in one line. */
export function drivenStory(result: DrivenResult): string {
  const { evidence } = result;
  const { deployments, troubles, hands } = evidence;
  const of = (kind: string) => troubles.filter((trouble) => trouble.kind === kind).length;
  const ends = NAMES.map((name) => {
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
