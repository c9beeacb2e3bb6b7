import type { DrivenName } from "../bench/driven-world.ts";
import { isInFlight } from "../lib/domain/deployment/deployment.ts";
import type { AwsEnd, DrivenEvidence } from "./driven-evidence.ts";
import type { Violation } from "./evidence.ts";
import { findUnjournaled, longestFaultMs } from "./verify.ts";

/** A write may rest on a look this old. */
const LOOK_MS = 8_000;
/** Clocks of two processes, and the time between a request and its record. */
const SKEW_MS = 400;

/** What is told to stop goes on for less than this. */
const STOP_AGAIN_MS = 5_000;

type Write = DrivenEvidence["writes"][number];

/** One answer to a gate that the program sent, also where AWS refused it. */
interface Answer {
  write: Write;
  application: DrivenName;
  /** AWS's deployment. */
  id: string;
  gate: string;
  action: "CONTINUE" | "ROLLBACK";
}

const BEFORE_SHIFT = ["PRE_SCALE_UP", "POST_SCALE_UP", "POST_TEST_TRAFFIC_SHIFT", "PRE_PRODUCTION_TRAFFIC_SHIFT"];

/** Every promise about what AWS drives that the evidence shows to be broken. */
export function verifyDriven(evidence: DrivenEvidence): Violation[] {
  const answers = evidence.writes.flatMap(answerOf);
  return [
    ...findUnfinished(evidence),
    ...findRuleWrites(evidence),
    ...findTwice(evidence, answers),
    ...findOld(evidence, answers),
    ...findUnseen(evidence, answers),
    ...findUnapproved(evidence, answers),
    ...findStartedTwice(evidence),
    ...findStoppedTwice(evidence),
    ...findOtherWords(evidence),
    ...findUnjournaled(evidence),
  ];
}

function answerOf(write: Write): Answer[] {
  const { operation, input } = write;
  if (operation === "ContinueServiceDeployment") {
    const action = input.action === "ROLLBACK" ? "ROLLBACK" : "CONTINUE";
    return [{ write, application: "orders", id: `${input.serviceDeploymentArn}`, gate: `${input.hookId}`, action }];
  }
  if (operation !== "ContinueDeployment") return [];
  const { deploymentId, deploymentWaitType } = input;
  const gate = `${deploymentId}:${deploymentWaitType}`;
  return [{ write, application: "members", id: `${deploymentId}`, gate, action: "CONTINUE" }];
}

function findUnfinished({ deployments, aws }: DrivenEvidence): Violation[] {
  const ours = deployments
    .filter(isInFlight)
    .map((one) => `${one.id} (${one.application}) is ${one.status} in ${one.stage}`);
  const theirs = aws.filter(({ isOver }) => !isOver).map(({ id, status }) => `AWS's ${id} is ${status}`);
  return [...ours, ...theirs].map((what) => ({ promise: "every deployment ends", what }));
}

function findRuleWrites(evidence: DrivenEvidence): Violation[] {
  return evidence.writes
    .filter(({ service }) => service === "elbv2")
    .map(({ at, operation }) => ({
      promise: "no rule that AWS drives is written",
      what: `${clock(evidence, at)} ${operation}`,
    }));
}

/** A second answer to a gate, unless the first one's own answer may have been lost on its way. */
function findTwice(evidence: DrivenEvidence, answers: readonly Answer[]): Violation[] {
  return answers.flatMap(({ write, gate }, i) => {
    const first = answers.slice(0, i).find((one) => one.gate === gate && one.write.error === null);
    if (!first || mayBeLost(evidence, first.write.at, write.at)) return [];
    return [{ promise: "no gate is answered twice", what: `${clock(evidence, write.at)} ${gate}` }];
  });
}

/** An answer to a gate that had ended for longer than a look is old. */
function findOld(evidence: DrivenEvidence, answers: readonly Answer[]): Violation[] {
  return answers.flatMap(({ write, gate, id, application }) => {
    if (write.error === null) return [];
    const since = write.at - LOOK_MS - longestFaultMs(evidence, write.at);
    const isRecent = (at: number | null) => at !== null && at >= since && at <= write.at + SKEW_MS;
    const end = evidence.aws.find((one) => one.id === id);
    const known = end?.gates.find((one) => one.id === gate);
    const isExcused =
      evidence.hands.some((one) => one.application === application && one.at <= write.at && one.until >= since) ||
      isRecent(end?.finishedAt ?? null) ||
      isRecent(known?.expiresAt ?? null) ||
      // CodeDeploy tells no end of a wait.
      (application === "members" && evidence.writes.some((one) => one !== write && isRecent(one.at))) ||
      answers.some((one) => one.gate === gate && one.write !== write && isRecent(one.write.at)) ||
      mayBeLost(evidence, since, write.at) ||
      isOfService(write.error);
    const what = `${clock(evidence, write.at)} ${gate}: ${write.error}`;
    return isExcused ? [] : [{ promise: "no gate is answered with an old id" as const, what }];
  });
}

/** Refusals that say nothing about the gate. */
function isOfService(error: string): boolean {
  return /Throttl|InternalFailure|ServerException|ServiceUnavailable/.test(error);
}

/** AWS was told to go on at a gate that nobody who clicked or approved had read. */
function findUnseen(evidence: DrivenEvidence, answers: readonly Answer[]): Violation[] {
  return answers.flatMap(({ write, gate, action, id, application }) => {
    if (action !== "CONTINUE") return [];
    const isClicked = evidence.clicks.some((click) => click.gate === gate && isTaken(click, write.at));
    if (isClicked || (evidence.approved.includes(application) && approvalsOf(evidence, id, write.at) > 0)) return [];
    return [{ promise: "nothing is answered that was not seen", what: `${clock(evidence, write.at)} ${gate}` }];
  });
}

/** A gate before the shift of a release that needs an approval was continued without one. */
function findUnapproved(evidence: DrivenEvidence, answers: readonly Answer[]): Violation[] {
  return answers.flatMap(({ write, gate, action, id, application }) => {
    if (action !== "CONTINUE" || write.error !== null || !evidence.approved.includes(application)) return [];
    const ours = evidence.deployments.find((one) => one.aws?.id === id);
    const answered = ours?.journal.findLast(({ step, at }) => step === "answerGate" && at <= write.at + SKEW_MS);
    const isBefore =
      gate.endsWith(":READY_WAIT") ||
      ours?.aws?.ended?.some((one) => one.id === gate && BEFORE_SHIFT.includes(one.stage));
    const wasBefore = isBefore || evidence.clicks.some((click) => click.gate === gate && click.verb === "switch");
    if (!answered || !ours?.approval || !wasBefore || approvalsOf(evidence, id, write.at) > 0) return [];
    return [{ promise: "no release goes live without its approvals", what: `${clock(evidence, write.at)} ${gate}` }];
  });
}

function approvalsOf({ clicks, deployments }: DrivenEvidence, id: string, at: number): number {
  const ours = deployments.find((one) => one.aws?.id === id);
  return clicks.filter((one) => one.verb === "approve" && one.deploymentId === ours?.id && isTaken(one, at)).length;
}

/** A click that was taken, or may have been. */
function isTaken({ at, status }: DrivenEvidence["clicks"][number], before: number): boolean {
  return at <= before + SKEW_MS && (status === 0 || (status >= 200 && status < 300));
}

/** As many starts of a revision as deployments of ours that are about it. */
function findStartedTwice(evidence: DrivenEvidence): Violation[] {
  const counts = new Map<string, number>();
  return evidence.writes.flatMap((write) => {
    const definition = startedBy(write);
    if (definition === null || write.error !== null) return [];
    const count = (counts.get(definition) ?? 0) + 1;
    counts.set(definition, count);
    const asked = evidence.deployments.filter(
      ({ revision, aws }) => revision?.taskDefinition === definition && !aws?.isForeign,
    ).length;
    if (count <= asked) return [];
    return [
      { promise: "no write done twice", what: `${clock(evidence, write.at)} ${write.operation} of ${definition}` },
    ];
  });
}

/** AWS shows that a deployment rolls back within seconds, so that it is told again only after some. */
function findStoppedTwice(evidence: DrivenEvidence): Violation[] {
  const last = new Map<string, number>();
  return evidence.writes.flatMap(({ operation, input, at, error }) => {
    if (!operation.startsWith("Stop") || error !== null) return [];
    const id = `${input.serviceDeploymentArn ?? input.deploymentId}`;
    const before = last.get(id) ?? Number.NEGATIVE_INFINITY;
    last.set(id, at);
    if (at - before > STOP_AGAIN_MS || mayBeLost(evidence, before, at)) return [];
    return [{ promise: "no write done twice", what: `${clock(evidence, at)} ${operation} of ${id}` }];
  });
}

function startedBy({ operation, input }: Write): string | null {
  if (operation === "UpdateService") return input.taskDefinition === undefined ? null : `${input.taskDefinition}`;
  if (operation !== "CreateDeployment") return null;
  return /arn:[^"\\\s]+:task-definition\/[^"\\\s]+/.exec(JSON.stringify(input))?.[0] ?? null;
}

/** How our record says that it ended, against AWS's word. */
function findOtherWords({ deployments, aws }: DrivenEvidence): Violation[] {
  return deployments.flatMap((ours) => {
    const theirs = aws.find(({ id }) => id === ours.aws?.id);
    if (!theirs || isInFlight(ours) || !theirs.isOver || isTold(ours.status, theirs, aws)) return [];
    const what = `${ours.id} (${ours.application}) says ${ours.status}: ${ours.statusReason}; AWS says ${theirs.status} of ${theirs.id}`;
    return [{ promise: "the record says what AWS says", what }];
  });
}

function isTold(status: string, { application, status: word, id }: AwsEnd, all: readonly AwsEnd[]): boolean {
  if (application === "orders") return status === word;
  if (word === "Succeeded") return status === "SUCCESSFUL";
  const back = all.find(({ undoes }) => undoes === id);
  // A stop in the middle of the shift that nothing brought back is no good end either.
  if (!back) return status === "STOPPED" || status === "ROLLBACK_FAILED";
  return status === (back.status === "Succeeded" ? "ROLLBACK_SUCCESSFUL" : "ROLLBACK_FAILED");
}

/** Whether the program may not know what became of a call sent between these moments. */
function mayBeLost({ troubles }: DrivenEvidence, from: number, to: number): boolean {
  return troubles.some((one) => {
    if (one.at > to + SKEW_MS) return false;
    if (one.kind === "kill") return one.at >= from - SKEW_MS;
    return one.kind === "fault" && one.hits > 0 && one.at >= from - 20_000;
  });
}

function clock({ startedAt }: DrivenEvidence, at: number): string {
  return `at ${((at - startedAt) / 1000).toFixed(2)} s`;
}
