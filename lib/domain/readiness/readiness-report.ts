import { quote } from "../manual/cli-command.ts";
import { checkIdentity } from "./check-preparation.ts";
import { estimateCost } from "./cost.ts";
import { stackCommands } from "./fix-stacks.ts";
import { type ReadinessHistory, timeToFirstGreen } from "./history.ts";
import { type PutOff, type ReadinessReport, type ReadinessStep, type StepOutcome, worstOf } from "./readiness.ts";
import type { ReadinessFacts } from "./readiness-facts.ts";
import { STEPS } from "./steps.ts";
import type { Subject } from "./subject.ts";

/** Judges every step. One that passes is no longer put off, and one whose date has passed is judged again. */
export function readinessReport(
  subject: Subject,
  facts: ReadinessFacts,
  putOffs: readonly PutOff[],
  /** The look may be older than what a person has said since. */
  now: number = facts.at,
  history: ReadinessHistory | null = null,
): ReadinessReport {
  const steps = STEPS.map((spec): ReadinessStep => {
    const { check, fix, ...said } = spec;
    const points = check(facts, subject);
    const judged = worstOf(points);
    const since = judged === "fail" ? null : (history?.since[spec.id] ?? null);
    const putOff = judged === "pass" ? null : findPutOff(putOffs, subject.application, spec.id, now);
    const how = fix(subject);
    const cloudFormation = stackCommands(how.template, subject);
    return { ...said, points, fix: { ...how, cloudFormation }, outcome: putOff ? "put off" : judged, putOff, since };
  });
  const points = checkIdentity(facts, subject);
  return {
    application: subject.application,
    isConfigured: subject.isConfigured,
    region: subject.region,
    at: facts.at,
    cost: estimateCost(facts, subject, steps),
    firstLookAt: history?.firstLookAt ?? null,
    firstGreenAfterMs: history && timeToFirstGreen(history),
    setup: setupOf(subject),
    next: nextOf(steps),
    identity: { outcome: worstOf(points), points },
    steps,
    counts: countOutcomes(steps),
  };
}

/** Missing steps whose own needs are all there, or put off, or cannot be seen from here. */
function nextOf(steps: readonly ReadinessStep[]): string[] {
  const missing = new Set(steps.filter(({ outcome }) => outcome === "fail").map(({ id }) => id));
  return steps
    .filter(({ id, needs }) => missing.has(id) && !needs.some((need) => missing.has(need)))
    .map(({ id }) => id);
}

/** Where something stands in for AWS the commands have to be told so, or they would reach AWS itself. */
function setupOf({ standIn, region }: Subject): string[] {
  const standing = standIn && {
    AWS_ENDPOINT_URL: standIn.endpoint,
    AWS_ACCESS_KEY_ID: "sandbox",
    AWS_SECRET_ACCESS_KEY: "sandbox",
    SWITCHYARD_CONFIG: standIn.configPath,
  };
  return Object.entries({ AWS_DEFAULT_REGION: region, ...standing, AWS_PAGER: "" }).map(
    ([name, value]) => `export ${name}=${quote(value)}`,
  );
}

/** What a deployment comes to, which is no condition of one. */
const OF_DEPLOYMENTS = ["image-deployed", "deployment", "blue-green", "workflow"];

/** The missing steps of AWS that a deployment stands on; neither what is put off nor what nobody could see. */
export function missingForDeployment({ steps }: Pick<ReadinessReport, "steps">): readonly ReadinessStep[] {
  return steps.filter(
    ({ id, phase, outcome }) =>
      outcome === "fail" && (phase === "infrastructure" || phase === "automation") && !OF_DEPLOYMENTS.includes(id),
  );
}

/** Ids of every step, in their order. */
export const STEP_IDS: readonly string[] = STEPS.map(({ id }) => id);

function findPutOff(putOffs: readonly PutOff[], application: string, step: string, now: number): PutOff | null {
  return putOffs.find((one) => one.application === application && one.step === step && one.until > now) ?? null;
}

function countOutcomes(steps: readonly ReadinessStep[]): Record<StepOutcome, number> {
  const counts: Record<StepOutcome, number> = { pass: 0, warn: 0, unknown: 0, fail: 0, "put off": 0 };
  for (const { outcome } of steps) counts[outcome] += 1;
  return counts;
}
