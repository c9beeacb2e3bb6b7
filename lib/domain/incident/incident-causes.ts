import type { Deployment } from "../deployment/deployment.ts";
import { endedSaid } from "../deployment/ended-gate.ts";
import { explainStoppedTask } from "../observation/plain-words.ts";
import { revisionName, type SlotColor, type Task } from "../observation/slot.ts";
import { type Sentence, say } from "../sentence/sentence.ts";
import { englishOf, type Told } from "../sentence/told.ts";
import type { Incident } from "./incident.ts";
import { endKindOf, incidentIdOf } from "./incident-kind.ts";

/** Something that is worth keeping, before anything was read for it. */
export type Cause = Pick<Incident, "id" | "at" | "kind" | "title" | "titleSaid"> & {
  side: SlotColor;
  deployment: Deployment | null;
};

/** What its service stops because fewer are wanted, or another revision, is no incident. */
const WANTED = /^Scaling activity initiated by/;

/** Whether a stopped task stopped otherwise than at its service's request. */
export function isUnwantedStop(task: Task): boolean {
  if (task.lastStatus !== "STOPPED") return false;
  return !(task.stopCode === "ServiceSchedulerInitiated" && WANTED.test(task.stoppedReason ?? ""));
}

/** Tasks of one side that stopped unwanted, as one incident; null for none. */
export function causeOfTasks(side: SlotColor, tasks: readonly Task[], deployment: Deployment | null): Cause | null {
  const [first, ...others] = tasks.toSorted((a, b) => (a.stoppedAt ?? 0) - (b.stoppedAt ?? 0));
  if (!first) return null;
  return {
    id: `i-${first.id}`,
    at: first.stoppedAt ?? first.startedAt ?? first.createdAt ?? 0,
    kind: "task-stopped",
    side,
    ...titled(
      say("happened.tasks", {
        task: first.id.slice(0, 8),
        side,
        more: others.length,
        why: explainStoppedTask(first),
      }),
    ),
    deployment,
  };
}

/** What a finished deployment is worth keeping for: that it failed, was rolled back or stopped, or rolled another back. */
export function causeOfDeployment(deployment: Deployment): Cause | null {
  const kind = endKindOf(deployment);
  if (!kind) return null;
  const { statusReason, statusSaid } = deployment;
  return {
    id: incidentIdOf(deployment),
    at: deployment.finishedAt ?? deployment.startedAt,
    kind,
    // One that was made to roll another back is about the side that it left.
    side: deployment.status === "SUCCESSFUL" ? deployment.from : deployment.to,
    ...titled(
      because(
        say("happened.ended", {
          what: whichSaid(deployment),
          how: deployment.aws?.isFailed ? "FAILED" : deployment.status,
        }),
        statusReason ? (statusSaid ?? statusReason) : null,
      ),
    ),
    deployment,
  };
}

/** Each gate, and the time limit of an approval, that ended because nobody answered. */
export function causesOfGates(deployment: Deployment): Cause[] {
  const { aws, approval, from, to } = deployment;
  const what = whichSaid(deployment);
  const cause = (name: string, at: number, said: Sentence): Cause => ({
    id: `i-${deployment.id}-${name}`,
    at,
    kind: "gate-timed-out",
    side: to,
    ...titled(said),
    deployment,
  });
  const gates = (aws?.ended ?? [])
    .filter(({ how }) => how === "expired")
    .map((gate, index) =>
      cause(`gate-${index}`, gate.at, say("happened.gate", { what, stage: gate.stage, how: endedSaid(gate) })),
    );
  // Where AWS's own gate ended, the approval that it waited for is the same wait.
  if (gates.length > 0 || !approval || approval.expiresAt === null) return gates;
  if (approval.state !== "expired" && approval.state !== "continued") return gates;
  const { given, approvers, state: then, expiresAt } = approval;
  return [cause("approval", expiresAt, say("happened.approvals", { what, given, approvers, then, from }))];
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
    ...titled(
      say("happened.retired", {
        side: retired.slot,
        what: say("doing.what", { kind: deployment.kind, to: deployment.to }),
      }),
    ),
    deployment,
  };
}

const titled = (titleSaid: Sentence) => ({ title: englishOf(titleSaid), titleSaid });

/** The sentence with its reason behind it, where there is one. */
export function because(what: Sentence, why: Told | null): Sentence {
  return why === null ? what : say("told.why", { what, why });
}

function whichSaid({ kind, to, revision }: Deployment): Sentence {
  return say("happened.deployment", { kind, to, version: revision ? revisionName(revision) : "none" });
}
