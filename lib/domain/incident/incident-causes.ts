import type { Deployment, DeploymentStatus } from "../deployment/deployment.ts";
import { deploymentWords } from "../deployment/deployment-words.ts";
import { endedSaid } from "../deployment/ended-gate.ts";
import { explainStoppedTask } from "../observation/plain-words.ts";
import { revisionName, type SlotColor, type Task } from "../observation/slot.ts";
import { inEnglish } from "../sentence/in-language.ts";
import { englishOf } from "../sentence/told.ts";
import type { Incident } from "./incident.ts";
import { endKindOf, incidentIdOf } from "./incident-kind.ts";

/** Something that is worth keeping, before anything was read for it. */
export type Cause = Pick<Incident, "id" | "at" | "kind" | "title"> & { side: SlotColor; deployment: Deployment | null };

/** What its service stops because fewer are wanted, or another revision, is no incident. */
const WANTED = /^Scaling activity initiated by/;

/** Whether a stopped task stopped otherwise than by its service's wish. */
export function isUnwantedStop(task: Task): boolean {
  if (task.lastStatus !== "STOPPED") return false;
  return !(task.stopCode === "ServiceSchedulerInitiated" && WANTED.test(task.stoppedReason ?? ""));
}

/** Tasks of one side that stopped unwanted, as one incident; null for none. */
export function causeOfTasks(side: SlotColor, tasks: readonly Task[], deployment: Deployment | null): Cause | null {
  const [first, ...others] = tasks.toSorted((a, b) => (a.stoppedAt ?? 0) - (b.stoppedAt ?? 0));
  if (!first) return null;
  const more = others.length === 0 ? "" : ` (and ${others.length} more)`;
  return {
    id: `i-${first.id}`,
    at: first.stoppedAt ?? first.startedAt ?? first.createdAt ?? 0,
    kind: "task-stopped",
    side,
    title: `Task ${first.id.slice(0, 8)} of ${side}${more}: ${englishOf(explainStoppedTask(first))}`,
    deployment,
  };
}

const END_WORDS: Partial<Record<DeploymentStatus, string>> = {
  STOPPED: "was stopped",
  SUCCESSFUL: "was made",
  ROLLBACK_SUCCESSFUL: "was rolled back",
  ROLLBACK_FAILED: "failed, and could not be rolled back",
};

/** What a finished deployment is worth keeping for: that it failed, was turned round or stopped, or rolled another back. */
export function causeOfDeployment(deployment: Deployment): Cause | null {
  const kind = endKindOf(deployment);
  if (!kind) return null;
  const why = deployment.statusReason ? `: ${deployment.statusReason}` : "";
  return {
    id: incidentIdOf(deployment),
    at: deployment.finishedAt ?? deployment.startedAt,
    kind,
    // One that was made to roll another back is about the side that it left.
    side: deployment.status === "SUCCESSFUL" ? deployment.from : deployment.to,
    title: `${capital(deploymentWords(deployment))}${versionWords(deployment)} ${END_WORDS[deployment.status] ?? "ended"}${why}`,
    deployment,
  };
}

/** Each gate, and the time limit of an approval, that ended because nobody answered. */
export function causesOfGates(deployment: Deployment): Cause[] {
  const { aws, approval, from, to } = deployment;
  const cause = (name: string, at: number, words: string): Cause => ({
    id: `i-${deployment.id}-${name}`,
    at,
    kind: "gate-timed-out",
    side: to,
    title: `${capital(deploymentWords(deployment))}${versionWords(deployment)}: ${words}`,
    deployment,
  });
  const gates = (aws?.ended ?? [])
    .filter(({ how }) => how === "expired")
    .map((gate, index) =>
      cause(`gate-${index}`, gate.at, `the gate of ${gate.stage} timed out. ${inEnglish(endedSaid(gate))}`),
    );
  // Where AWS's own gate ended, the approval that it waited for is the same wait.
  if (gates.length > 0 || !approval || approval.expiresAt === null) return gates;
  if (approval.state !== "expired" && approval.state !== "continued") return gates;
  const then = approval.state === "continued" ? "it went on without" : `it ends, and traffic stays with ${from}`;
  const words = `${approval.given} of ${approval.approvers} approvals came in time: ${then}`;
  return [cause("approval", approval.expiresAt, words)];
}

/** That a side was retired after a deployment; null where none was. */
export function causeOfRetirement(deployment: Deployment): Cause | null {
  const { retired } = deployment;
  if (!retired) return null;
  return {
    id: `i-${deployment.id}-retired`,
    at: retired.at,
    kind: "retired",
    side: retired.slot,
    title: `${capital(retired.slot)} was retired after the ${deploymentWords(deployment)}`,
    deployment,
  };
}

const versionWords = ({ revision }: Deployment) => (revision ? ` (${revisionName(revision)})` : "");
const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
