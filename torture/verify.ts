import { isInFlight } from "../lib/domain/deployment/deployment.ts";
import type { SlotColor } from "../lib/domain/observation/slot.ts";
import { share, type Weights } from "../lib/domain/observation/traffic.ts";
import type { AwsWrite, ClientFailure, Evidence, Violation } from "./evidence.ts";
import {
  COLORS,
  effective,
  hadWeight,
  openIntents,
  serviceChanges,
  taskSetChanges,
  togetherChanges,
  type WeightChange,
  weightChanges,
  weightsAt,
} from "./history.ts";
import { READ_FAULT_MS } from "./trouble.ts";

/** A decision may rest on a look this old; what somebody else did since cannot be known to it. */
const LOOK_MS = 5_000;
/** The load balancer's health checks: every 5 s, two fails; sandbox time. */
const NOTICE_MS = 12_000;
/** Clocks of two processes, and the time between a request and its record. */
const SKEW_MS = 400;

const LISTENER_READ = "DescribeListeners";
const SERVICE_READ = "DescribeServices";
const RULES_READ = "DescribeRules";
/** Between the look at every way in and the write that it allows. */
const WAY_MS = 1_500;

/** Every promise that the evidence shows to be broken. */
export function verify(evidence: Evidence): Violation[] {
  const changes = weightChanges(evidence);
  const together = togetherChanges(evidence);
  return [
    ...findFailedRequests(evidence, changes),
    ...findUnfinished(evidence),
    ...findRepeatedWrites(evidence, [...changes, ...together]),
    ...findUnjournaled(evidence),
    ...findTouchedSides(evidence, evidence.togetherArn === undefined ? [changes] : [changes, together]),
    ...findDeadSides(evidence, [...changes, ...together]),
    ...findOtherAnswers(evidence),
    ...findApart(evidence, changes, together),
    ...findLateRefusals(evidence),
  ];
}

/**
 * A failed request is excused when, while it was waited for, a side with weight had a task killed that the load balancer had
 * not noticed yet, or a side that somebody gave weight to had no healthy target at all; and a 500 when an image answers so
 * by design.
 */
function findFailedRequests(evidence: Evidence, changes: readonly WeightChange[]): Violation[] {
  const noticeMs = NOTICE_MS / evidence.speed + SKEW_MS * 2;
  const isExcused = ({ sentAt, at, what }: ClientFailure) => {
    if (evidence.hasErrorsByDesign && what === "status 500") return true;
    const overlaps = (from: number, to: number) => from - SKEW_MS <= at && to >= sentAt;
    return COLORS.some((side) => {
      if (!hadWeight(changes, side, sentAt - SKEW_MS, at)) return false;
      const isKilled = evidence.troubles.some(
        (one) => one.kind === "task" && one.side === side && overlaps(one.at, one.at + noticeMs),
      );
      return isKilled || evidence.samples.some((one) => one.healthy[side] === 0 && overlaps(one.at, one.at + SKEW_MS));
    });
  };
  const unexcused = evidence.failures.filter((failure) => !isExcused(failure));
  const [first] = unexcused;
  if (!first) return [];
  const held = weightsAt(changes, first.at);
  return [
    {
      promise: "no request failed",
      what: `${unexcused.length} failed, the first ${clock(evidence, first.at)}: ${first.what}, with ${show(held)}`,
    },
  ];
}

function findUnfinished({ deployments }: Evidence): Violation[] {
  return deployments.filter(isInFlight).map((one) => ({
    promise: "every deployment ends",
    what: `${one.id} (${one.kind}) is ${one.status} in ${one.stage}: ${one.statusReason ?? one.stages.find((s) => s.stage === one.stage)?.detail ?? ""}`,
  }));
}

/**
 * A write that left everything as it was, or a second registration for the same deployment. Where the look before the write
 * was answered with how the world had been, nobody could know better, and writing the same again changes nothing.
 */
function findRepeatedWrites(evidence: Evidence, changes: readonly WeightChange[]): Violation[] {
  const violations: Violation[] = [];
  const twice = (what: string) => violations.push({ promise: "no write done twice", what });
  for (const { at, before, after, write } of changes)
    if (write && before.blue === after.blue && before.green === after.green && !mayBeStale(evidence, at, LISTENER_READ))
      twice(`${clock(evidence, at)} ModifyListener wrote ${show(after)}, which it held [request ${write.requestId}]`);
  const registered = new Map<string, number>();
  for (const write of effective(evidence, "RegisterTaskDefinition")) {
    const tags = (write.input.tags ?? []) as { key: string; value: string }[];
    const id = tags.find((tag) => tag.key === "switchyard:deployment")?.value ?? "no deployment";
    registered.set(id, (registered.get(id) ?? 0) + 1);
    if (registered.get(id) === 2)
      twice(`${clock(evidence, write.at)} a second task definition was registered for ${id}`);
  }
  for (const { write, before, after } of serviceChanges(evidence))
    if (
      before &&
      before.desired === after.desired &&
      before.definition === after.definition &&
      !mayBeStale(evidence, write.at, SERVICE_READ)
    )
      twice(`${clock(evidence, write.at)} UpdateService asked ${after.service} for what it was asked for already`);
  for (const { write, side, before, after } of taskSetChanges(evidence))
    if (before !== null && before === after && !mayBeStale(evidence, write.at, SERVICE_READ))
      twice(`${clock(evidence, write.at)} UpdateTaskSet asked ${side}'s task set for ${after} %, which it had`);
  const made = new Map<string, string>();
  for (const write of effective(evidence, "CreateTaskSet")) {
    const { clientToken, taskDefinition, externalId } = write.input;
    // A token that AWS knows makes nothing: what is made twice would have another id.
    const before = made.get(String(clientToken));
    if (before !== undefined && before !== write.made)
      twice(`${clock(evidence, write.at)} CreateTaskSet made ${externalId} ${taskDefinition} again for one token`);
    if (write.made) made.set(String(clientToken), write.made);
  }
  return violations;
}

/** Whether a look just before that moment may have been answered with an earlier state. */
function mayBeStale({ troubles }: Evidence, at: number, operation: string): boolean {
  return troubles.some((one) => {
    if (one.kind !== "fault" || one.hits === 0 || one.at > at || at - one.at > READ_FAULT_MS + SKEW_MS) return false;
    const fault = JSON.parse(one.what) as { kind: string; service: string; operation?: string };
    return fault.kind === "stale" && (fault.operation === operation || fault.service === "*");
  });
}

const MARK = "UpdateServicePrimaryTaskSet";
const STEPS: Readonly<Record<string, readonly string[]>> = {
  RegisterTaskDefinition: ["registerRevision"],
  UpdateService: ["startSide", "retire", "startAws"],
  CreateTaskSet: ["startSide"],
  UpdateTaskSet: ["startSide", "retire"],
  DeleteTaskSet: ["startSide", "retire"],
  // ECS's own mark follows a shift in its own time, and gives way when a side is replaced or retired.
  UpdateServicePrimaryTaskSet: ["shift", "startSide", "retire"],
  ModifyListener: ["shift", "shiftTest"],
  CreateDeployment: ["startAws"],
  ContinueServiceDeployment: ["answerGate"],
  ContinueDeployment: ["answerGate"],
  StopServiceDeployment: ["rollBackAws"],
  StopDeployment: ["rollBackAws", "answerGate"],
};

/** Every write has an intent before it; every intent an outcome after it, once its deployment has ended. */
export function findUnjournaled(evidence: Pick<Evidence, "deployments" | "writes" | "startedAt">): Violation[] {
  const promise = "an intent and an outcome for every write";
  const violations: Violation[] = [];
  const journal = evidence.deployments.flatMap((deployment) =>
    deployment.journal.map((entry) => ({ ...entry, deployment: deployment.id })),
  );
  for (const write of evidence.writes) {
    const steps = STEPS[write.operation] ?? [];
    const intents = journal.filter(
      (entry) => entry.phase === "intent" && steps.includes(entry.step) && entry.at <= write.at + SKEW_MS,
    );
    const isFollowed = intents.some((intent) =>
      journal.some(
        (entry) =>
          entry.deployment === intent.deployment &&
          entry.step === intent.step &&
          (entry.phase === "done" || entry.phase === "failed") &&
          entry.at >= (write.operation === MARK ? intent.at : write.at - SKEW_MS),
      ),
    );
    const what = `${clock(evidence, write.at)} ${write.operation} [request ${write.requestId}]`;
    if (intents.length === 0) violations.push({ promise, what: `${what} has no intent before it` });
    else if (!isFollowed) violations.push({ promise, what: `${what} has no outcome after it` });
  }
  for (const { id, journal: entries } of evidence.deployments)
    for (const intent of openIntents(entries))
      violations.push({
        promise,
        what: `${clock(evidence, intent.at)} ${id} says "${intent.message}" and never what came of it`,
      });
  const known = new Set(evidence.writes.map((write) => write.requestId));
  for (const entry of journal)
    if (entry.phase === "done" && entry.awsRequestId && !known.has(entry.awsRequestId))
      violations.push({
        promise,
        what: `${entry.deployment} names request ${entry.awsRequestId}, which AWS never saw`,
      });
  return violations;
}

/** An update or a scale-down of a side that had weight or another way in; not for what somebody else did a moment before. */
function findTouchedSides(evidence: Evidence, listeners: readonly (readonly WeightChange[])[]): Violation[] {
  const touch = (write: AwsWrite, side: SlotColor, what: string): Violation[] => {
    const patienceMs = LOOK_MS + longestFaultMs(evidence, write.at);
    const isForeign = evidence.troubles.some(
      (one) => one.kind === "weights" && one.weights[side] > 0 && one.at <= write.at && write.at - one.at < patienceMs,
    );
    const held = listeners.map((changes) => weightsAt(changes, write.at)).find((weights) => weights[side] > 0);
    const promise = "a side with weight is left alone";
    const words = `${clock(evidence, write.at)} ${write.operation} ${what}`;
    if (held && !isForeign) return [{ promise, what: `${words} with ${show(held)}` }];
    return isLedToByRule(evidence, write.at, side) ? [{ promise, what: `${words} with a rule that leads to it` }] : [];
  };
  const services = serviceChanges(evidence).flatMap(({ write, before, after }) => {
    const side = COLORS.find((color) => after.service.includes(color));
    if (!side || !before) return [];
    const isHarmless = after.desired >= before.desired && after.definition === before.definition;
    return isHarmless ? [] : touch(write, side, `made ${side} ${after.desired} tasks of ${after.definition}`);
  });
  // A percentage goes down as well where the service's count goes up; only nothing is surely less.
  const sets = taskSetChanges(evidence).flatMap(({ write, side, after }) =>
    after > 0 ? [] : touch(write, side, `left ${side}'s task set without tasks`),
  );
  return [...services, ...sets];
}

/** Whether a rule has led to the side for longer than a write takes from the look before it, and no look can have been an old one. */
function isLedToByRule(evidence: Evidence, at: number, side: SlotColor): boolean {
  const since = at - WAY_MS - longestFaultMs(evidence, at);
  return (
    !mayBeStale(evidence, at, RULES_READ) &&
    evidence.troubles.some((one) => one.kind === "rule" && one.side === side && one.at < since && one.until > at)
  );
}

/** Both listeners hold the same once nothing is in flight, unless somebody else moved one of them. */
function findApart(
  evidence: Evidence,
  changes: readonly WeightChange[],
  together: readonly WeightChange[],
): Violation[] {
  if (evidence.togetherArn === undefined || evidence.troubles.some(({ kind }) => kind === "weights")) return [];
  const [one, other] = [weightsAt(changes, evidence.endedAt), weightsAt(together, evidence.endedAt)];
  if (one.blue === other.blue && one.green === other.green) return [];
  return [{ promise: "what moves together ends together", what: `one holds ${show(one)}, the other ${show(other)}` }];
}

/** A click that was told of a deployment in flight while none was: it had ended before the click was made. */
function findLateRefusals({ requests, deployments, startedAt }: Evidence): Violation[] {
  return requests.flatMap(({ at, answeredAt, verb, code }) => {
    if (code !== "DEPLOYMENT_IN_FLIGHT") return [];
    const isThere = deployments.some(
      (one) => one.startedAt <= answeredAt + SKEW_MS && (one.finishedAt ?? Number.POSITIVE_INFINITY) >= at - SKEW_MS,
    );
    const what = `${clock({ startedAt }, at)} ${verb} was refused for a deployment in flight`;
    return isThere ? [] : [{ promise: "no click is refused for what has ended" as const, what }];
  });
}

/** Weight given by Switchyard to a side that had no healthy target in any look that the write may rest on. */
function findDeadSides(evidence: Evidence, changes: readonly WeightChange[]): Violation[] {
  return changes.flatMap(({ at, before, after, write }) => {
    if (!write) return [];
    const from = at - LOOK_MS - longestFaultMs(evidence, at);
    const samples = evidence.samples.filter((sample) => sample.at >= from && sample.at <= at);
    const dead = COLORS.filter(
      (side) =>
        share(after, side) > share(before, side) &&
        samples.length > 0 &&
        samples.every(({ healthy }) => healthy[side] === 0),
    );
    return dead.map((side) => ({
      promise: "no weight for a side without healthy targets" as const,
      what: `${clock(evidence, at)} ModifyListener gave ${side} weight ${after[side]} [request ${write.requestId}]`,
    }));
  });
}

/** What the faults of that time may add to the age of a look, or to the way of a write. */
export function longestFaultMs({ troubles }: Pick<Evidence, "troubles">, at: number): number {
  const ms = troubles.flatMap((one) => (one.kind === "fault" && one.at <= at && at - one.at < 30_000 ? [one.ms] : []));
  return Math.max(0, ...ms);
}

function findOtherAnswers({ requests }: Evidence): Violation[] {
  const answered = new Map<string, string>();
  return requests.flatMap(({ key, verb, status, deploymentId }) => {
    if (key === null || deploymentId === null || status >= 300) return [];
    const first = answered.get(key) ?? deploymentId;
    answered.set(key, first);
    if (first === deploymentId) return [];
    const what = `${verb} with key ${key} was answered with ${first}, and with ${deploymentId} when repeated`;
    return [{ promise: "a repeated request is answered with the same deployment" as const, what }];
  });
}

function clock({ startedAt }: Pick<Evidence, "startedAt">, at: number): string {
  return `at ${((at - startedAt) / 1000).toFixed(2)} s`;
}

function show({ blue, green }: Weights): string {
  return `blue ${blue}, green ${green}`;
}
