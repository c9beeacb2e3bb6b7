import { delay } from "../aws/caller.ts";
import { AwsFailure, describeFailure } from "../aws/errors.ts";
import type { Controller, DeploymentDriver, ShiftWrite, TrafficDriver } from "../controllers/controller.ts";
import { WeightsChanged } from "../controllers/weights-changed.ts";
import type { Application } from "../domain/application/application.ts";
import { judgeSmoke } from "../domain/application/smoke-check.ts";
import type { Step } from "../domain/decide/decision.ts";
import type { Deployment } from "../domain/deployment/deployment.ts";
import {
  revisionRegistered,
  shifted,
  shiftSent,
  sideStarted,
  smokeSeen,
  testShifted,
  testShiftSent,
  withPlan,
} from "../domain/deployment/deployment-transitions.ts";
import { functionName } from "../domain/observation/aws-deployment.ts";
import type { Observation } from "../domain/observation/observation.ts";
import type { SlotColor } from "../domain/observation/slot.ts";
import { type Weights, weightsWords } from "../domain/observation/traffic.ts";
import { findServedBlockers } from "../domain/rules/way-rules.ts";
import type { LastLines, RequestEvidence } from "../logs/evidence.ts";
import { type AwsStep, describeAwsStep, runAwsStep, withAwsIntent } from "./aws-step.ts";
import { SideServed } from "./side-served.ts";
import { askSmoke } from "./smoke-request.ts";
import { lookForFirst, prove } from "./verify-traffic.ts";

/** What one step came to: how the record changes and what the journal says of it. */
export interface StepOutcome {
  change: (deployment: Deployment, now: number) => Deployment;
  message: string;
  requestId: string | null;
}

/** What steps are done with. */
export interface StepTools {
  controller: Controller;
  application: Application;
  observation: Observation;
  requests: RequestEvidence;
  lines: LastLines;
  now: () => number;
}

const MARKING_MS = 1_500;
const EVIDENCE_LINES = 20;
const EVIDENCE_TASKS = 3;

const isAws = (step: Step): step is AwsStep =>
  step.type === "startAws" || step.type === "answerGate" || step.type === "rollBackAws";
const isShift = (step: Step) => step.type === "shift" || step.type === "shiftTest";

/** Whether the step writes to AWS: only those have an intent in the journal. */
export function isWrite(step: Step): boolean {
  return step.type === "registerRevision" || step.type === "startSide" || isShift(step) || isAws(step);
}

/** How the record changes with the intent, before the call. */
export function withIntent(deployment: Deployment, step: Step, now: number): Deployment {
  if (isAws(step)) return withAwsIntent(deployment, step, now);
  if (step.type === "shiftTest" && step.purpose === "release") return testShiftSent(deployment, now);
  return step.type === "shift" ? shiftSent(deployment, step.expected, now) : deployment;
}

/** One sentence for the journal, in the words of AWS. */
export function describeStep(step: Step): string {
  if (isAws(step)) return describeAwsStep(step);
  switch (step.type) {
    case "registerRevision":
      return `Register a task definition with ${"image" in step.request ? step.request.image : step.request.taskDefinition}`;
    case "startSide":
      return `Update ${step.slot} to ${shortArn(step.revision.taskDefinition)} with ${step.desired} tasks${step.purpose === "restore" ? " (as before)" : ""}`;
    case "shift":
      return `Set the weights from ${weightsWords(step.expected)} to ${weightsWords(step.weights)}`;
    case "shiftTest":
      return `Set the test listener's weights from ${weightsWords(step.expected)} to ${weightsWords(step.weights)}${step.purpose === "restore" ? " (as before)" : ""}`;
    case "smoke":
      return `Ask ${step.slot} through the test listener`;
    case "prove":
      return `Look for requests on ${step.to}`;
    case "readEvidence":
      return `Read the last lines of ${step.slot}'s stopped tasks`;
  }
}

/** What AWS's own deployments are asked and told; looks and evidence are the same for all. */
async function runDriven(
  deployment: Deployment,
  step: Step,
  tools: StepTools & { controller: DeploymentDriver },
): Promise<StepOutcome> {
  if (isAws(step)) return runAwsStep(deployment, step, tools);
  if (step.type === "prove") return prove(deployment, step, tools);
  if (step.type === "readEvidence") return readEvidence(deployment, tools, step.functions);
  if (step.type !== "registerRevision") throw new TypeError(`${step.type} is AWS's own to do`);
  const { controller, application } = tools;
  const written = await controller.registerRevision(application, step.slot, step.request, deployment.id);
  return {
    change: (d) => ({ ...d, revision: written.value }),
    message: `Registered ${shortArn(written.value.taskDefinition)}`,
    requestId: written.requestId,
  };
}

/** Does one step. Every write looks first whether AWS already is as asked, so a repeat does nothing twice. */
export async function runStep(deployment: Deployment, step: Step, tools: StepTools): Promise<StepOutcome> {
  const { controller, application } = tools;
  if (controller.driver === "aws") return runDriven(deployment, step, { ...tools, controller });
  if (isAws(step)) throw new TypeError(`${application.name} is not driven by AWS`);
  switch (step.type) {
    case "registerRevision": {
      const written = await controller.registerRevision(application, step.slot, step.request, deployment.id);
      return {
        change: (d, now) => revisionRegistered(d, written.value, now),
        message: `Registered ${shortArn(written.value.taskDefinition)}`,
        requestId: written.requestId,
      };
    }
    case "startSide": {
      await refuseUnderTraffic(step, { ...tools, controller });
      const written = await controller.startSide(application, step.slot, step.revision, step.desired, deployment.id);
      return {
        change: (d, now) => {
          if (step.purpose === "release") return sideStarted(d, step.revision, step.desired, now);
          return withPlan(d, step.purpose === "restore" ? { restored: true } : { oldSideStarted: true });
        },
        message: `${step.slot} is asked to run ${step.desired} tasks of ${shortArn(step.revision.taskDefinition)}`,
        requestId: written.requestId,
      };
    }
    case "shift": {
      const attemptAt = tools.now();
      const written = await controller.shift(application, step.expected, step.weights);
      const { alreadyThere, readBackMs, after, writes = [] } = written.value;
      return {
        change: (d, now) => shifted(d, { attemptAt, alreadyThere, readBackMs }, now),
        message: `${
          alreadyThere
            ? `The listener held ${weightsWords(after)} already`
            : `The listener read back ${weightsWords(after)} after ${Math.round(readBackMs)} ms`
        }${writes.length > 1 ? `; written: ${writes.map(writeWords).join(", ")}` : ""}${isSplit(step.weights) ? "" : await markLive(controller, application, step.to)}`,
        requestId: written.requestId,
      };
    }
    case "shiftTest": {
      const written = await controller.shiftTest(application, step.expected, step.weights);
      const { alreadyThere, readBackMs, after } = written.value;
      return {
        change: (d, now) => testShifted(d, step.purpose, now),
        message: alreadyThere
          ? `The test listener held ${weightsWords(after)} already`
          : `The test listener read back ${weightsWords(after)} after ${Math.round(readBackMs)} ms`,
        requestId: written.requestId,
      };
    }
    case "smoke":
      return askThroughTest(step.tries, tools);
    case "prove":
      return step.part === undefined ? prove(deployment, step, tools) : lookForFirst(step, step.part, tools);
    case "readEvidence":
      return readEvidence(deployment, tools, step.functions);
  }
}

/**
 * The last word before a side's tasks are replaced is the load balancer's own: a look of a moment ago may be from before a
 * switch, or before somebody else's rule. More tasks of what the side runs already do no harm. @throws WeightsChanged, SideServed
 */
async function refuseUnderTraffic(
  { slot, revision, purpose }: Extract<Step, { type: "startSide" }>,
  { controller, application, observation }: StepTools & { controller: TrafficDriver },
): Promise<void> {
  const running = observation.slots[slot].revision?.taskDefinition;
  if (purpose === "rollback" && running === revision.taskDefinition) return;
  const [{ weights, drift }, waysIn] = await Promise.all([
    controller.readWeights(application),
    controller.readWaysIn(application),
  ]);
  if (weights[slot] > 0) throw new WeightsChanged(observation.traffic.weights, weights, drift);
  const served = findServedBlockers({ waysIn }, slot)[0];
  if (served) throw new SideServed(served.message);
}

async function askThroughTest(tries: number, { application, now }: StepTools): Promise<StepOutcome> {
  const { smoke, testListener, testRequest } = application;
  if (!smoke || !testListener?.url) throw new TypeError(`${application.name} has no smoke check to make`);
  const at = now();
  const startedAt = performance.now();
  const { url, answer } = await askSmoke(testListener.url, smoke, testRequest);
  const tookMs = Math.round(performance.now() - startedAt);
  const result = judgeSmoke(smoke, answer, { at, tries, url, tookMs });
  return { change: (d) => smokeSeen(d, result), message: result.message, requestId: null };
}

function writeWords({ name, requestId }: ShiftWrite): string {
  return `${name} [request ${requestId ?? "unknown"}]`;
}

/** A side that shares traffic is not what ECS calls primary yet. */
function isSplit({ blue, green }: Weights): boolean {
  return blue > 0 && green > 0;
}

/** ECS's own mark of the live side holds up no shift: it gets a moment, and what came of it in words. */
async function markLive(controller: TrafficDriver, application: Application, live: SlotColor): Promise<string> {
  const marking = controller.afterShift?.(application, live).then(
    ({ requestId }) => (requestId === null ? "" : `; ECS was told that ${live} is live [request ${requestId}]`),
    (error: unknown) => `; ECS could not be told that ${live} is live: ${describeError(error)}`,
  );
  if (!marking) return "";
  return Promise.race([marking, delay(MARKING_MS).then(() => `; ECS is still being told that ${live} is live`)]);
}

async function readEvidence(
  deployment: Deployment,
  tools: StepTools,
  functions: Extract<Step, { type: "readEvidence" }>["functions"],
): Promise<StepOutcome> {
  const { application, observation } = tools;
  const ids = new Set(deployment.evidence?.tasks.slice(0, EVIDENCE_TASKS).map((task) => task.id));
  const known = observation.slots[deployment.to].tasks;
  const tasks = known.filter((task) => ids.has(task.id));
  // A side that only stays unhealthy has no dead task: its running ones say why.
  const read =
    tasks.length > 0 ? tasks : known.filter((task) => task.taskDefinition === deployment.revision?.taskDefinition);
  const lines = await Promise.all(
    read.slice(0, EVIDENCE_TASKS).map(async (task) => {
      const last = await tools.lines.lastLines(application, task, EVIDENCE_LINES);
      return last.map((line) => ({ at: line.at, taskId: task.id, text: line.text }));
    }),
  );
  const hooks = await Promise.all(
    (functions?.arns ?? []).map((arn) => readFunction(arn, functions?.since ?? 0, tools)),
  );
  const kept = [...hooks.flatMap((hook) => hook.lines), ...lines.flat()];
  const unread = hooks.flatMap(({ problem }) => problem ?? []);
  return {
    change: (d) => withEvidenceLines(d, kept),
    message: [`Kept ${kept.length} last lines`, ...unread].join("; "),
    requestId: null,
  };
}

/** What the function behind a hook wrote; why it could not be read is told in the journal and as a line of its own. */
async function readFunction(
  arn: string,
  since: number,
  { application, lines }: StepTools,
): Promise<{ lines: { at: number; taskId: string; text: string }[]; problem?: string }> {
  const taskId = functionName(arn);
  try {
    const found = await lines.functionLines(application, arn, since, EVIDENCE_LINES);
    return { lines: found.map(({ at, text }) => ({ at, taskId, text })) };
  } catch (error) {
    const problem = `The log of ${taskId} was not read: ${describeError(error)}`;
    return { lines: [{ at: since, taskId, text: problem }], problem };
  }
}

/** The lines are kept; without any, the record says at least that they were asked for. */
export function withEvidenceLines(
  deployment: Deployment,
  lines: { at: number; taskId: string; text: string }[],
): Deployment {
  const evidence = deployment.evidence && { ...deployment.evidence, lines };
  return withPlan({ ...deployment, evidence }, { evidenceRead: true });
}

/** A failure in words, with AWS's code and request id where AWS answered. */
export function describeError(error: unknown): string {
  if (error instanceof AwsFailure)
    return `${describeFailure(error)}${error.requestId ? ` [request ${error.requestId}]` : ""}`;
  return error instanceof Error ? error.message : String(error);
}

function shortArn(arn: string): string {
  return arn.slice(arn.lastIndexOf("/") + 1);
}
