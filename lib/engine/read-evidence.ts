import type { Step } from "../domain/decide/decision.ts";
import type { Deployment } from "../domain/deployment/deployment.ts";
import { withPlan } from "../domain/deployment/deployment-transitions.ts";
import { functionName } from "../domain/observation/aws-deployment.ts";
import { inEnglish } from "../domain/sentence/in-language.ts";
import { type Sentence, say } from "../domain/sentence/sentence.ts";
import { describeError } from "./describe-step.ts";
import type { StepOutcome, StepTools } from "./step-tools.ts";

const EVIDENCE_LINES = 20;
const EVIDENCE_TASKS = 3;

/** Reads what the tasks of a side that fails wrote last, and the functions behind its hooks. */
export async function readEvidence(
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
