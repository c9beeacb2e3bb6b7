import type { Application } from "../application/application.ts";
import type { AwsPause } from "../observation/aws-deployment.ts";
import type { Observation } from "../observation/observation.ts";
import { listSaid } from "../sentence/list.ts";
import { say } from "../sentence/sentence.ts";
import type { Blocker } from "../verb/blocker.ts";
import { blocker } from "../verb/say-blocker.ts";
import { isCodeDeploy } from "./driven-rules.ts";

/** Where every deployment of ECS's comes by before production traffic moves. RECONCILE_SERVICE is left out of most. */
const BEFORE_PRODUCTION: ReadonlySet<string> = new Set([
  "PRE_SCALE_UP",
  "POST_SCALE_UP",
  "POST_TEST_TRAFFIC_SHIFT",
  "PRE_PRODUCTION_TRAFFIC_SHIFT",
]);

/** The pauses that hold every deployment back before its production shift. */
export function pausesBeforeShift(pauses: readonly AwsPause[]): AwsPause[] {
  return pauses.filter(({ stage }) => BEFORE_PRODUCTION.has(stage));
}

/**
 * Why a release that people have to approve must not be started: AWS would move production traffic before anybody could say yes,
 * or without it once its pause is over. Null where nobody has to approve, and while the pauses are not known.
 */
export function findUnapprovable(
  { approvals, controller }: Partial<Pick<Application, "approvals" | "controller">>,
  { pauses }: Pick<Observation, "pauses">,
): Blocker | null {
  const rule = approvals?.release;
  if (!rule || !pauses) return null;
  const held = pausesBeforeShift(pauses);
  const { approvers } = rule;
  if (held.length === 0 && isCodeDeploy({ controller }))
    return blocker("NOT_APPROVABLE", say("blocker.groupReroutes", { approvers }), say("blocker.giveReadyWait"));
  if (held.length === 0)
    return blocker("NOT_APPROVABLE", say("blocker.noPauseHook", { approvers }), say("blocker.givePauseHook"));
  if (rule.onTimeLimit === "CONTINUE" || held.some(({ onExpiry }) => onExpiry !== "CONTINUE")) return null;
  const stages = listSaid(
    held.map(({ stage }) => stage),
    "and",
  );
  const said = say("blocker.pauseHookGoesOn", { approvers, stages });
  return blocker("NOT_APPROVABLE", said, say("blocker.giveRollbackAction"));
}
