import { delay } from "../aws/caller.ts";
import { AwsFailure, failureSaid } from "../aws/errors.ts";
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
import { inEnglish } from "../domain/sentence/in-language.ts";
import { listSaid } from "../domain/sentence/list.ts";
import { type Sentence, say } from "../domain/sentence/sentence.ts";
import type { Told } from "../domain/sentence/told.ts";
import { toldOf } from "../domain/verb/blocker.ts";
import type { LastLines, RequestEvidence } from "../logs/evidence.ts";
import { type AwsStep, describeAwsStep, runAwsStep, withAwsIntent } from "./aws-step.ts";
import { SideServed } from "./side-served.ts";
import { askSmoke } from "./smoke-request.ts";
import { lookForFirst, prove } from "./verify-traffic.ts";

/** What one step came to: how the record changes and what the journal says of it. */
export interface StepOutcome {
  change: (deployment: Deployment, now: number) => Deployment;
  message: Told;
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
export function describeStep(step: Step): Sentence {
  if (isAws(step)) return describeAwsStep(step);
  switch (step.type) {
    case "registerRevision":
      return say("step.register", {
        what: "image" in step.request ? step.request.image : step.request.taskDefinition,
      });
    case "startSide":
      return say(step.purpose === "restore" ? "step.updateBefore" : "step.update", {
        side: step.slot,
        revision: shortArn(step.revision.taskDefinition),
        desired: step.desired,
      });
    case "shift":
      return say("step.setWeights", { from: weightsWords(step.expected), to: weightsWords(step.weights) });
    case "shiftTest":
      return say(step.purpose === "restore" ? "step.setTestWeightsBefore" : "step.setTestWeights", {
        from: weightsWords(step.expected),
        to: weightsWords(step.weights),
      });
    case "smoke":
      return say("step.askTest", { side: step.slot });
    case "prove":
      return say("step.lookForRequests", { side: step.to });
    case "readEvidence":
      return say("step.readLines", { side: step.slot });
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
    message: say("step.registered", { revision: shortArn(written.value.taskDefinition) }),
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
        message: say("step.registered", { revision: shortArn(written.value.taskDefinition) }),
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
        message: say("step.askedToRun", {
          side: step.slot,
          desired: step.desired,
          revision: shortArn(step.revision.taskDefinition),
        }),
        requestId: written.requestId,
      };
    }
    case "shift": {
      const attemptAt = tools.now();
      const written = await controller.shift(application, step.expected, step.weights);
      const { alreadyThere, readBackMs, writes = [] } = written.value;
      const what = readBackSaid("step.held", "step.readBack", written.value);
      const whole =
        writes.length > 1 ? say("step.written", { what, writes: listSaid(writes.map(writeSaid), "comma") }) : what;
      return {
        change: (d, now) => shifted(d, { attemptAt, alreadyThere, readBackMs }, now),
        message: isSplit(step.weights) ? whole : await markLive(controller, application, step.to, whole),
        requestId: written.requestId,
      };
    }
    case "shiftTest": {
      const written = await controller.shiftTest(application, step.expected, step.weights);
      return {
        change: (d, now) => testShifted(d, step.purpose, now),
        message: readBackSaid("step.testHeld", "step.testReadBack", written.value),
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
  if (served) throw new SideServed(toldOf(served));
}

async function askThroughTest(tries: number, { application, now }: StepTools): Promise<StepOutcome> {
  const { smoke, testListener, testRequest } = application;
  if (!smoke || !testListener?.url) throw new TypeError(`${application.name} has no smoke check to make`);
  const at = now();
  const startedAt = performance.now();
  const { url, answer } = await askSmoke(testListener.url, smoke, testRequest);
  const tookMs = Math.round(performance.now() - startedAt);
  const result = judgeSmoke(smoke, answer, { at, tries, url, tookMs });
  return { change: (d) => smokeSeen(d, result), message: toldOf(result), requestId: null };
}

function writeSaid({ name, requestId }: ShiftWrite): Sentence {
  return say("step.request", { name, id: requestId ?? say("step.unknown") });
}

/** What the listener held already, or read back after the write. */
function readBackSaid(
  held: "step.held" | "step.testHeld",
  readBack: "step.readBack" | "step.testReadBack",
  { alreadyThere, readBackMs, after }: { alreadyThere: boolean; readBackMs: number; after: Weights },
): Sentence {
  const weights = weightsWords(after);
  return alreadyThere ? say(held, { weights }) : say(readBack, { weights, ms: Math.round(readBackMs) });
}

/** A side that shares traffic is not what ECS calls primary yet. */
function isSplit({ blue, green }: Weights): boolean {
  return blue > 0 && green > 0;
}

/** ECS's own mark of the live side holds up no shift: it gets a moment, and what came of it is told. */
async function markLive(
  controller: TrafficDriver,
  application: Application,
  side: SlotColor,
  what: Sentence,
): Promise<Sentence> {
  const marking = controller.afterShift?.(application, side).then(
    ({ requestId }) => (requestId === null ? what : say("step.toldLive", { what, side, id: requestId })),
    (error: unknown) => say("step.notToldLive", { what, side, why: describeError(error) }),
  );
  if (!marking) return what;
  return Promise.race([marking, delay(MARKING_MS).then(() => say("step.tellsLive", { what, side }))]);
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
    message: unread.reduce<Sentence>(
      (first, second) => say("told.also", { first, second }),
      say("step.keptLines", { lines: kept.length }),
    ),
    requestId: null,
  };
}

/** What the function behind a hook wrote; why it could not be read is told in the journal and as a line of its own. */
async function readFunction(
  arn: string,
  since: number,
  { application, lines }: StepTools,
): Promise<{ lines: { at: number; taskId: string; text: string }[]; problem?: Sentence }> {
  const taskId = functionName(arn);
  try {
    const found = await lines.functionLines(application, arn, since, EVIDENCE_LINES);
    return { lines: found.map(({ at, text }) => ({ at, taskId, text })) };
  } catch (error) {
    const problem = say("step.logNotRead", { name: taskId, why: describeError(error) });
    return { lines: [{ at: since, taskId, text: inEnglish(problem) }], problem };
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
export function describeError(error: unknown): Told {
  if (error instanceof WeightsChanged || error instanceof SideServed) return error.said;
  if (error instanceof AwsFailure) {
    const what = failureSaid(error);
    return error.requestId ? say("step.withRequest", { what, id: error.requestId }) : what;
  }
  return error instanceof Error ? error.message : String(error);
}

function shortArn(arn: string): string {
  return arn.slice(arn.lastIndexOf("/") + 1);
}
