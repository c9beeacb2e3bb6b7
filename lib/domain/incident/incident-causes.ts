import { type Deployment, isInFlight } from "../deployment/deployment.ts";
import { deploymentWords } from "../deployment/deployment-words.ts";
import { explainStoppedTask } from "../observation/plain-words.ts";
import { revisionName, type SlotColor, type Task } from "../observation/slot.ts";
import type { Incident } from "./incident.ts";

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
    title: `Task ${first.id.slice(0, 8)} of ${side}${more}: ${explainStoppedTask(first)}`,
    deployment,
  };
}

/** What a finished deployment is worth keeping for: that it failed, was turned round or stopped, or rolled another back. */
export function causeOfDeployment(deployment: Deployment): Cause | null {
  if (isInFlight(deployment) || deployment.finishedAt === null) return null;
  const { status, kind, statusReason } = deployment;
  const what = `${capital(deploymentWords(deployment))}${versionWords(deployment)}`;
  const why = statusReason ? `: ${statusReason}` : "";
  const cause = (incident: Incident["kind"], words: string): Cause => ({
    id: `i-${deployment.id}`,
    at: deployment.finishedAt ?? deployment.startedAt,
    kind: incident,
    side: deployment.to,
    title: `${what} ${words}${why}`,
    deployment,
  });
  if (status === "ROLLBACK_FAILED") return cause("deployment-failed", "failed, and could not be rolled back");
  if (status === "ROLLBACK_SUCCESSFUL") return cause("rolled-back", "was rolled back");
  if (status === "STOPPED") return cause(deployment.evidence ? "deployment-failed" : "stopped", "was stopped");
  return kind === "ROLLBACK" ? { ...cause("rolled-back", "was made"), side: deployment.from } : null;
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
