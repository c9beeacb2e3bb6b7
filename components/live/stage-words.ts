import { cutMiddle } from "@/components/ui/cut-middle.ts";
import type {
  Deployment,
  DeploymentKind,
  DeploymentStatus,
  FollowedDeployment,
  Stage,
} from "@/lib/domain/deployment/deployment.ts";
import { isAwaitingSwitch } from "@/lib/domain/deployment/deployment.ts";
import { isHeldOpen } from "@/lib/domain/deployment/gate-words.ts";
import { isProving } from "@/lib/domain/deployment/proof.ts";
import { newestStep } from "@/lib/domain/deployment/shift-steps.ts";

/** ECS's stages in an operator's words. */
export const STAGE_WORDS: Readonly<Record<Stage, string>> = {
  PRE_SCALE_UP: "Register revision",
  SCALE_UP: "Scale up",
  POST_SCALE_UP: "Become healthy",
  TEST_TRAFFIC_SHIFT: "Test traffic",
  POST_TEST_TRAFFIC_SHIFT: "Check test traffic",
  PRE_PRODUCTION_TRAFFIC_SHIFT: "Wait for the switch",
  PRODUCTION_TRAFFIC_SHIFT: "Production traffic",
  POST_PRODUCTION_TRAFFIC_SHIFT: "Proof",
  BAKE_TIME: "Bake",
  CLEAN_UP: "Clean up",
};

/** A deployment's kind in words. */
export const KIND_WORDS: Readonly<Record<DeploymentKind, string>> = {
  RELEASE: "Release",
  SWITCH: "Switch",
  ROLLBACK: "Rollback",
};

const STATUS_WORDS: Readonly<Record<DeploymentStatus, string>> = {
  PENDING: "about to start",
  IN_PROGRESS: "in progress",
  SUCCESSFUL: "done",
  STOP_REQUESTED: "being stopped",
  STOPPED: "stopped, traffic was not moved",
  ROLLBACK_REQUESTED: "about to roll back",
  ROLLBACK_IN_PROGRESS: "rolling back",
  ROLLBACK_SUCCESSFUL: "rolled back",
  ROLLBACK_FAILED: "rollback failed",
};

const STRATEGY_WORDS = { ALL_AT_ONCE: "All at once", CANARY: "Canary", LINEAR: "Linear" } as const;

/** "Canary 5 %, step 1 of 2" while traffic is split by a gradual shift; null when it is not. */
export function stepWords(deployment: Deployment): string | null {
  const newest = newestStep(deployment);
  const isSplit = deployment.status === "IN_PROGRESS" && deployment.stage === "PRODUCTION_TRAFFIC_SHIFT";
  if (!newest || !isSplit || newest.of < 2) return null;
  const strategy = STRATEGY_WORDS[deployment.rollout?.strategy ?? "ALL_AT_ONCE"];
  return `${strategy} ${newest.step.percent} %, step ${newest.number} of ${newest.of}`;
}

/** How a deployment is doing, in lower-case words for the middle of a sentence. */
export function statusWords(deployment: Deployment): string {
  if (isAwaitingSwitch(deployment)) {
    if (deployment.approval?.state === "waiting")
      return `waiting for approval, ${deployment.approval.given} of ${deployment.approval.approvers}`;
    return deployment.aws ? "waiting for an answer at the gate" : "waiting for the switch";
  }
  if (deployment.aws) return drivenWords(deployment, deployment.aws);
  const step = stepWords(deployment);
  if (step) return step.charAt(0).toLowerCase() + step.slice(1);
  if (deployment.status === "IN_PROGRESS" && deployment.stage === "BAKE_TIME") return "baking";
  if (isProving(deployment)) return deployment.status === "IN_PROGRESS" ? "proving the switch" : "rolling back";
  if (deployment.status === "SUCCESSFUL" && deployment.proof && !deployment.proof.proven) return "switched, not proven";
  return STATUS_WORDS[deployment.status];
}

/** Where AWS drives. Superseded, stopped, rolled back and failed are four different ends. */
function drivenWords(deployment: Deployment, { isSuperseded, answer }: FollowedDeployment): string {
  switch (deployment.status) {
    case "STOPPED":
      return isSuperseded ? "superseded by another deployment" : "stopped";
    case "STOP_REQUESTED":
      return "about to be rolled back by AWS";
    case "ROLLBACK_FAILED":
      return "failed: AWS could not roll it back";
    case "IN_PROGRESS":
      if (answer) return "answered, AWS is being told";
      if (isHeldOpen(deployment)) return "held open until somebody answers";
      return DRIVEN_STAGE_WORDS[deployment.stage] ?? STATUS_WORDS.IN_PROGRESS;
    default:
      return STATUS_WORDS[deployment.status];
  }
}

const DRIVEN_STAGE_WORDS: Partial<Record<Stage, string>> = {
  SCALE_UP: "scaling up",
  TEST_TRAFFIC_SHIFT: "test traffic is moving",
  PRODUCTION_TRAFFIC_SHIFT: "production traffic is moving",
  BAKE_TIME: "baking",
  CLEAN_UP: "the old side is being stopped",
};

/** The sign for how a finished deployment ended. */
export function endShape(deployment: Pick<Deployment, "status" | "proof">): "done" | "warning" | "fault" {
  if (deployment.status === "ROLLBACK_FAILED") return "fault";
  return deployment.status === "SUCCESSFUL" && deployment.proof?.proven !== false ? "done" : "warning";
}

/** "Release 1.1.0 to green", with a long version cut in the middle. */
export function deploymentTitle(deployment: Pick<Deployment, "kind" | "to" | "revision">): string {
  const version = deployment.revision ? ` ${cutMiddle(versionOf(deployment.revision))}` : "";
  if (deployment.kind === "RELEASE") return `Release${version} to ${deployment.to}`;
  return deployment.kind === "SWITCH" ? `Switch to ${deployment.to}` : `Roll back to ${deployment.to}`;
}

/** A revision's name for people: the tag, else the short digest, else family and revision of the task definition. */
export function versionOf(revision: { tag: string | null; digest: string | null; taskDefinition: string }): string {
  return (
    revision.tag ?? (revision.digest ? shortDigest(revision.digest) : shortTaskDefinition(revision.taskDefinition))
  );
}

/** "sha256:9f3c1a2e". */
export function shortDigest(digest: string): string {
  return digest.slice(0, 15);
}

/** "library:41" of a task definition's ARN. */
export function shortTaskDefinition(arn: string): string {
  return arn.split("/").at(-1) ?? arn;
}
