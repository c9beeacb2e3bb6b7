import type { Step } from "../domain/decide/decision.ts";
import type { Deployment } from "../domain/deployment/deployment.ts";
import { proofSeen, stepSeen } from "../domain/deployment/deployment-transitions.ts";
import type { FailureEvidence } from "../domain/deployment/failure-evidence.ts";
import { countedSince, judgeProof, type ProofEvidence } from "../domain/deployment/proof.ts";
import type { Observation } from "../domain/observation/observation.ts";
import { otherColor, type SlotColor } from "../domain/observation/slot.ts";
import { say } from "../domain/sentence/sentence.ts";
import type { StepOutcome, StepTools } from "./step-tools.ts";

/** How far before the shift requests are looked for, so that a quiet application is told from a silent side. */
const BEFORE_MS = 60_000;

const TASKS_ASKED = 4;
const LINES_READ = 200;
const LINES_KEPT = 20;
/** A line that tells of a fault: a level, an exception, or a request answered 5xx. */
const FAULT = /\b(?:ERROR|FATAL|CRITICAL|SEVERE)\b|Exception\b|Traceback|panic:|\s5\d\d\s/;

/** Looks in the logs for what the shift did: requests on the new side, none any more on the old one. */
export async function prove(
  deployment: Deployment,
  step: Extract<Step, { type: "prove" }>,
  tools: StepTools,
): Promise<StepOutcome> {
  const { application, observation, requests } = tools;
  const old = otherColor(step.to);
  // What is written while the logs are read is not in them.
  const readAt = tools.now();
  const [onNew, onOld, lagMs] = await Promise.all([
    requests.requestsSince(application, step.to, observation, step.sentAt, "first"),
    requests.requestsSince(application, old, observation, step.sentAt, "last"),
    requests.deliveryLagMs(application, old, observation, readAt),
  ]);
  const sawSome = onNew.count + onOld.count > 0;
  const before = sawSome
    ? null
    : await requests.requestsSince(application, old, observation, step.sentAt - BEFORE_MS, "last");
  const shift = deployment.plan?.shift ?? null;
  const readBackMs = shift?.readBackMs ?? 0;
  const seen = judgeProof(
    { to: step.to, expected: shift?.expected ?? { blue: 0, green: 0 }, sentAt: step.sentAt, readBackMs },
    {
      onNew,
      onOld,
      hadTraffic: sawSome || (before?.count ?? 0) > 0,
      lagMs,
      unreadTasks: requests.unreadTasks(application, old, observation, step.sentAt),
      counted: countedOn(observation, step.to, step.sentAt),
    },
    readAt,
  );
  const lines = deployment.breach && !deployment.evidence ? await linesOfBreach(deployment, tools) : [];
  return {
    change: (d, now) => proofSeen(withLines(d, lines), seen, application.bakeMinutes, now),
    message: seen.proof.proven ? say("step.proven") : (seen.proof.noteSaid ?? seen.proof.note ?? say("step.notProven")),
    requestId: null,
  };
}

/** The lines that show why the side was turned away from: of dead tasks first, then of those that served. */
async function linesOfBreach({ to }: Deployment, { application, observation, lines }: StepTools) {
  const { tasks } = observation.slots[to];
  const dead = tasks.filter(({ lastStatus }) => lastStatus === "STOPPED");
  const asked = [...dead, ...tasks.filter(({ lastStatus }) => lastStatus !== "STOPPED")].slice(0, TASKS_ASKED);
  const read = await Promise.all(
    asked.map((task) =>
      lines.lastLines(application, task, LINES_READ).then(
        (found) => found.filter(({ text }) => FAULT.test(text)).map((line) => ({ ...line, taskId: task.id })),
        // They say more about what is verified already: nothing waits for them.
        () => [],
      ),
    ),
  );
  return read
    .flat()
    .toSorted((a, b) => a.at - b.at)
    .slice(-LINES_KEPT);
}

function withLines(deployment: Deployment, lines: FailureEvidence["lines"]): Deployment {
  if (lines.length === 0 || deployment.evidence) return deployment;
  return { ...deployment, evidence: { tasks: [], targets: [], lines } };
}

/** What the load balancer counted on both sides since the write, as far as it is published. */
export function countedOn({ slots }: Observation, to: SlotColor, sentAt: number): ProofEvidence["counted"] {
  return {
    onNew: countedSince(slots[to].metrics, sentAt),
    onOld: countedSince(slots[otherColor(to)].metrics, sentAt),
  };
}

/** While traffic is split, the old side is never quiet: what the new side served is all there is to see. */
export async function lookForFirst(
  step: Extract<Step, { type: "prove" }>,
  part: number,
  { application, observation, requests }: StepTools,
): Promise<StepOutcome> {
  const { firstAt } = await requests.requestsSince(application, step.to, observation, step.sentAt, "first");
  const firstMs = firstAt === null ? null : Math.max(0, firstAt - step.sentAt);
  return {
    change: (d, now) => stepSeen(d, part, firstMs, now),
    message: say(firstMs === null ? "step.noRequestYet" : "step.firstRequest", { side: step.to }),
    requestId: null,
  };
}
