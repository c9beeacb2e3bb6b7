import { delay } from "../aws/caller.ts";
import type { DeploymentDriver, ShiftWrite, TrafficDriver } from "../controllers/controller.ts";
import { WeightsChanged } from "../controllers/weights-changed.ts";
import type { Application } from "../domain/application/application.ts";
import { judgeSmoke } from "../domain/application/smoke-check.ts";
import type { Step } from "../domain/decide/decision.ts";
import type { Deployment } from "../domain/deployment/deployment.ts";
import {
  revisionRegistered,
  shifted,
  sideStarted,
  smokeSeen,
  testShifted,
  withPlan,
} from "../domain/deployment/deployment-transitions.ts";
import type { SlotColor } from "../domain/observation/slot.ts";
import { type Weights, weightsWords } from "../domain/observation/traffic.ts";
import { findServedBlockers } from "../domain/rules/way-rules.ts";
import { listSaid } from "../domain/sentence/list.ts";
import { type Sentence, say } from "../domain/sentence/sentence.ts";
import { shortName } from "../domain/text/short-name.ts";
import { toldOf } from "../domain/verb/blocker.ts";
import { runAwsStep } from "./aws-step.ts";
import { describeError, isAws } from "./describe-step.ts";
import { readEvidence } from "./read-evidence.ts";
import { SideServed } from "./side-served.ts";
import { askSmoke } from "./smoke-request.ts";
import type { StepOutcome, StepTools } from "./step-tools.ts";
import { lookForFirst, prove } from "./verify-traffic.ts";

const MARKING_MS = 1_500;
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
    message: say("step.registered", { revision: shortName(written.value.taskDefinition) }),
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
        message: say("step.registered", { revision: shortName(written.value.taskDefinition) }),
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
          revision: shortName(step.revision.taskDefinition),
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
