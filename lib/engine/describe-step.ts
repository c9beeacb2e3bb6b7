import { AwsFailure, failureSaid } from "../aws/errors.ts";
import { WeightsChanged } from "../controllers/weights-changed.ts";
import type { Step } from "../domain/decide/decision.ts";
import type { Deployment } from "../domain/deployment/deployment.ts";
import { shiftSent, testShiftSent } from "../domain/deployment/deployment-transitions.ts";
import { weightsWords } from "../domain/observation/traffic.ts";
import { type Sentence, say } from "../domain/sentence/sentence.ts";
import type { Told } from "../domain/sentence/told.ts";
import { shortName } from "../domain/text/short-name.ts";
import { type AwsStep, describeAwsStep, withAwsIntent } from "./aws-step.ts";
import { SideServed } from "./side-served.ts";

/** Whether AWS drives the deployment that the step is about. */
export const isAws = (step: Step): step is AwsStep =>
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
        revision: shortName(step.revision.taskDefinition),
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

/** A failure in words, with AWS's code and request id where AWS answered. */
export function describeError(error: unknown): Told {
  if (error instanceof WeightsChanged || error instanceof SideServed) return error.said;
  if (error instanceof AwsFailure) {
    const what = failureSaid(error);
    return error.requestId ? say("step.withRequest", { what, id: error.requestId }) : what;
  }
  return error instanceof Error ? error.message : String(error);
}
