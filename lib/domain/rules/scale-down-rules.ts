import type { Deployment } from "../deployment/deployment.ts";
import { say } from "../sentence/sentence.ts";
import type { Blocker } from "../verb/blocker.ts";
import { blocker } from "../verb/say-blocker.ts";
import { findRetireBlockers } from "./action-rules.ts";
import { findAlarms } from "./alarms.ts";
import { freezeBlocker } from "./freeze.ts";
import { findLastMove } from "./rollback-rules.ts";
import type { RuleFacts } from "./rule-facts.ts";
import { findDriftBlockers } from "./switch-rules.ts";

/** The switch or release whose old side may be scaled down by itself; null when the newest move was none that held. */
export function findScaleDownMove({ deployment, history, observation }: RuleFacts): Deployment | null {
  const move = deployment ? null : findLastMove(history);
  if (move?.status !== "SUCCESSFUL" || move.kind === "ROLLBACK") return null;
  return observation.traffic.live === move.to ? move : null;
}

/**
 * Why the old side is not scaled down by itself yet. What a person may do knowingly (an unverified switch, an alarm, a drift)
 * a machine leaves alone.
 */
export function findScaleDownBlockers(facts: RuleFacts): Blocker[] {
  const move = findScaleDownMove(facts);
  if (!move) return [blocker("NOT_FOUND", say("blocker.noneLeftBehind"))];
  const blockers = findRetireBlockers(facts);
  if (!move.proof?.proven && !blockers.some(({ code }) => code === "NOT_PROVEN")) blockers.push(notProven(move));
  for (const alarm of findAlarms(facts))
    if (alarm.severity === "fault") blockers.push({ code: "ALARM_RED", message: alarm.message, said: alarm.said });
  blockers.push(...findDriftBlockers(facts.ledger?.drifts));
  if (facts.freeze) blockers.push(freezeBlocker(facts.freeze));
  return blockers;
}

function notProven({ proof, from }: Deployment): Blocker {
  const fix = say("blocker.retireYourself", { side: from });
  const said = proof?.noteSaid ?? (proof?.note ? say("list.one", { item: proof.note }) : say("blocker.notProven"));
  return blocker("NOT_PROVEN", said, fix);
}
