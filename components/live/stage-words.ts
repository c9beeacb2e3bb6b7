import { cutMiddle } from "@/components/ui/cut-middle.ts";
import type { FollowedDeployment, Stage } from "@/lib/domain/deployment/deployment.ts";
import { isAwaitingSwitch } from "@/lib/domain/deployment/deployment.ts";
import { isHeldOpen } from "@/lib/domain/deployment/gate-words.ts";
import { isVerifying } from "@/lib/domain/deployment/is-verifying.ts";
import { newestStep } from "@/lib/domain/deployment/shift-steps.ts";
import { type Sentence, say } from "@/lib/domain/sentence/sentence.ts";
import type { DeploymentSummary } from "@/lib/domain/snapshot/summary.ts";
import { shortName } from "@/lib/domain/text/short-name.ts";

/** "Canary 5 %, step 1 of 2" while traffic is split by a gradual shift; null when it is not. */
export function stepSaid(deployment: DeploymentSummary): Sentence | null {
  return gradualStep(deployment, "step");
}

function gradualStep(deployment: DeploymentSummary, form: "step" | "stepMiddle"): Sentence | null {
  const newest = newestStep(deployment);
  const isSplit = deployment.status === "IN_PROGRESS" && deployment.stage === "PRODUCTION_TRAFFIC_SHIFT";
  if (!newest || !isSplit || newest.of < 2) return null;
  const { strategy = "ALL_AT_ONCE" } = deployment.rollout ?? {};
  return say(`live.${form}`, { strategy, percent: newest.step.percent, number: newest.number, of: newest.of });
}

/** How a deployment is doing, in lower-case words for the middle of a sentence. */
export function statusSaid(deployment: DeploymentSummary): Sentence {
  if (isAwaitingSwitch(deployment)) {
    if (deployment.approval?.state === "waiting")
      return say("live.waitingApproval", {
        given: deployment.approval.given,
        approvers: deployment.approval.approvers,
      });
    return say(deployment.aws ? "live.waitingAtGate" : "live.waitingSwitch");
  }
  if (deployment.aws) return drivenSaid(deployment, deployment.aws);
  const step = gradualStep(deployment, "stepMiddle");
  if (step) return step;
  if (deployment.status === "IN_PROGRESS" && deployment.stage === "BAKE_TIME") return say("live.driven.BAKE_TIME");
  if (isVerifying(deployment))
    return say(deployment.status === "IN_PROGRESS" ? "live.proving" : "live.status.ROLLBACK_IN_PROGRESS");
  if (deployment.status === "SUCCESSFUL" && deployment.proof && !deployment.proof.proven) return say("live.notProven");
  return say(`live.status.${deployment.status}`);
}

/** Where AWS drives. Superseded, stopped, rolled back and failed are four different ends. */
function drivenSaid(deployment: DeploymentSummary, aws: FollowedDeployment): Sentence {
  const { isSuperseded, isFailed, left, answer } = aws;
  switch (deployment.status) {
    case "STOPPED":
      if (isSuperseded) return say("live.superseded");
      return say("live.ended", { how: isFailed ? "failed" : "stopped", left: left ?? "none" });
    case "STOP_REQUESTED":
      return say("live.awsStopRequested");
    case "ROLLBACK_FAILED":
      return say("live.awsRollbackFailed");
    case "IN_PROGRESS": {
      if (answer) return say("live.answered");
      if (isHeldOpen(deployment)) return say("live.heldOpen");
      const { stage } = deployment;
      return isToldByStage(stage) ? say(`live.driven.${stage}`) : say("live.status.IN_PROGRESS");
    }
    default:
      return say(`live.status.${deployment.status}`);
  }
}

const TOLD_STAGES = ["SCALE_UP", "TEST_TRAFFIC_SHIFT", "PRODUCTION_TRAFFIC_SHIFT", "BAKE_TIME", "CLEAN_UP"] as const;

function isToldByStage(stage: Stage): stage is (typeof TOLD_STAGES)[number] {
  return (TOLD_STAGES as readonly Stage[]).includes(stage);
}

/** The sign for how a finished deployment ended. */
export function endShape({
  status,
  proof,
  aws,
}: Pick<DeploymentSummary, "status" | "proof" | "aws">): "done" | "warning" | "fault" {
  if (status === "ROLLBACK_FAILED" || aws?.isFailed || aws?.left === "split") return "fault";
  return status === "SUCCESSFUL" && proof?.proven !== false ? "done" : "warning";
}

/** "Release 1.1.0 to green", with a long version cut in the middle. */
export function titleSaid({ kind, to, revision }: Pick<DeploymentSummary, "kind" | "to" | "revision">): Sentence {
  if (kind !== "RELEASE") return say(kind === "SWITCH" ? "live.switchTo" : "live.rollBackTo", { to });
  return revision
    ? say("live.releaseOf", { version: cutMiddle(versionOf(revision)), to })
    : say("live.release", { to });
}

/** A revision's name for people: the tag, else the short digest, else family and revision of the task definition. */
export function versionOf(revision: { tag: string | null; digest: string | null; taskDefinition: string }): string {
  return revision.tag ?? (revision.digest ? shortDigest(revision.digest) : shortName(revision.taskDefinition));
}

/** "sha256:9f3c1a2e". */
export function shortDigest(digest: string): string {
  return digest.slice(0, 15);
}
