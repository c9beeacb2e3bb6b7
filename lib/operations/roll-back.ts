import type { z } from "zod";
import { inTime } from "../async/within.ts";
import { AwsFailure } from "../aws/errors.ts";
import type { Deployment } from "../domain/deployment/deployment.ts";
import type { DeploymentPlan } from "../domain/deployment/deployment-plan.ts";
import { hasShifted } from "../domain/deployment/deployment-stage.ts";
import { requestAbort } from "../domain/deployment/deployment-transitions.ts";
import type { Revision } from "../domain/observation/slot.ts";
import {
  findRollbackBlockers,
  findRollbackTarget,
  isInstant,
  type RollbackTarget,
  rollbackStart,
} from "../domain/rules/rollback-rules.ts";
import type { RuleFacts } from "../domain/rules/rule-facts.ts";
import type { Context } from "../request/context.ts";
import { fields, membersOnly } from "../request/input.ts";
import { onApplication } from "../request/judge.ts";
import { type Loaded, loadFacts } from "../request/load-facts.ts";
import { defineOperation, type Operating } from "../request/operate.ts";
import type { Operated } from "../request/operated.ts";
import { inFlightRefusal, otherSideRefusal, refuseFor, withStore } from "../request/refusal.ts";
import { RecordChanged } from "../store/store.ts";
import { beginDeployment } from "./begin-deployment.ts";
import { rollBackLate } from "./roll-back-late.ts";
import { saidBy } from "./said-by.ts";
import { overrideField, takeOverride } from "./take-override.ts";

/** What the operation takes. */
export const rollBackInput = membersOnly({
  application: fields.application,
  /** The side to bring back, as the asker saw it: refused when it would be another one by now. */
  to: fields.color.optional(),
  reason: fields.reason,
  override: overrideField,
  idempotencyKey: fields.idempotencyKey,
});
type Input = z.infer<typeof rollBackInput>;

/**
 * Brings back what was live before: turns the deployment in flight round, or starts one of kind ROLLBACK, which first scales
 * the old side up when it is cold. Safe to call twice: a rollback that is going on is answered with. While the database is
 * away, a rollback to a warm side is made all the same and recorded later.
 */
export const rollBack = defineOperation({
  verb: "rollback",
  schema: rollBackInput,
  scope: onApplication,
  run,
  runWithoutStore: rollBackLate,
});

async function run(operating: Operating<Input>): Promise<Operated> {
  const { ctx, input } = operating;
  const loaded = await loadFacts(ctx.runtime, input.application, "anew");
  if (!loaded.ok) return loaded;
  const { deployment } = loaded.record;
  if (deployment && isRollingBack(deployment)) return { ok: true, value: deployment };
  const target = findRollbackTarget(loaded.facts);
  const facts = target ? await withStartCheck(ctx.runtime, loaded, target) : loaded.facts;
  const blockers = findRollbackBlockers(facts);
  if (!target) return refuseFor(blockers) ?? inFlightRefusal(deployment);
  if (input.to && input.to !== target.to) return otherSideRefusal(target.to);
  const taken = takeOverride(operating, target.to, blockers);
  if (!taken.ok) return taken;
  const blocked = refuseFor(taken.blockers);
  if (blocked) return blocked;
  const { override } = taken;
  return target.turns
    ? turnRound(operating, target.turns, override)
    : begin(operating, { ...loaded, facts }, target, override);
}

/** Whoever goes back waits no longer for this one check, in ms. */
const CHECK_PATIENCE_MS = 5_000;

/** A side that has to be started is looked at once more: what was known of its revision may be minutes old. */
async function withStartCheck(
  { observer }: Context["runtime"],
  { application, facts }: Loaded,
  target: RollbackTarget,
): Promise<RuleFacts> {
  const { observation } = facts;
  const revision = target.revision ?? observation.slots[target.to].revision;
  if (!revision || isInstant(facts, target)) return facts;
  const { taskDefinition } = revision;
  try {
    const checked = await inTime(CHECK_PATIENCE_MS, observer.checkRevision(application, revision));
    if (!checked) return facts;
    const revisions = { ...observation.revisions, [taskDefinition]: checked.value };
    return { ...facts, observation: { ...observation, revisions } };
  } catch (error) {
    // What AWS does not answer keeps nobody from going back: what was known stands.
    if (!(error instanceof AwsFailure)) throw error;
    return facts;
  }
}

type Overridden = Deployment["override"] | null;

async function turnRound(
  { ctx, input, request }: Operating<Input>,
  deployment: Deployment,
  override: Overridden,
): Promise<Operated> {
  const words = saidBy("rolledBack", ctx.identity, input.reason);
  const { engine } = ctx.runtime;
  const changed = await withStore(() =>
    engine.change(
      deployment,
      "rollback",
      words,
      (newest) => {
        const next = hasShifted(newest) ? requestAbort(newest, words) : newest;
        return next === newest ? null : { ...next, ...(override ? { override } : {}) };
      },
      request,
    ),
  );
  // It has ended or rolls back already: there may be something else to roll back by now.
  if (!changed) throw new RecordChanged(deployment.application);
  return { ok: true, value: changed };
}

async function begin(
  operating: Operating<Input>,
  loaded: Loaded,
  target: RollbackTarget,
  override: Overridden,
): Promise<Operated> {
  const { application, observation, facts } = loaded;
  const revision = target.revision ?? observation.slots[target.to].revision;
  // What is overridden takes traffic as it is: its tasks run already.
  const isWarmNow = isInstant(facts, target) || override !== null;
  const way = rollbackStart(facts, target);
  const copied = way?.how === "copy" ? way.image : null;
  const value = await beginDeployment(
    operating,
    loaded,
    {
      application: application.name,
      kind: "ROLLBACK",
      to: target.to,
      requested: isWarmNow || !revision ? null : startedAs(revision, copied),
      revision: isWarmNow || copied !== null ? null : revision,
      reason: operating.input.reason,
      bakeMinutes: application.bakeMinutes,
      timeouts: application.timeouts,
    },
    override,
  );
  return { ok: true, value };
}

function startedAs({ taskDefinition }: Revision, copied: string | null): DeploymentPlan["requested"] {
  return copied === null ? { taskDefinition } : { image: copied, from: taskDefinition };
}

function isRollingBack(deployment: Deployment): boolean {
  const isGoing = deployment.status === "IN_PROGRESS" || deployment.status === "PENDING";
  if (deployment.kind === "ROLLBACK") return isGoing;
  return deployment.status === "ROLLBACK_REQUESTED" || deployment.status === "ROLLBACK_IN_PROGRESS";
}
