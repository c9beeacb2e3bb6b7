import type { Deployment } from "../deployment/deployment.ts";
import { isAwaitingSwitch } from "../deployment/deployment.ts";
import { doingSaid } from "../deployment/deployment-words.ts";
import { isHeldOpen } from "../deployment/gate-words.ts";
import { otherColor } from "../observation/slot.ts";
import { say } from "../sentence/sentence.ts";
import { utcMinute } from "../text/utc-minute.ts";
import type { ActionState } from "../verb/action-state.ts";
import type { Blocker } from "../verb/blocker.ts";
import { blocker } from "../verb/say-blocker.ts";
import type { Verb } from "../verb/verb.ts";
import { findUnapprovable } from "./approvable-rules.ts";
import { isDriven, notExtendable, nothingWaits } from "./driven-rules.ts";
import { freezeBlocker } from "./freeze.ts";
import { findUnverified } from "./late-proof.ts";
import { findClosedBlocker } from "./maintenance-window.ts";
import { findOpenWindow, findRollbackBlockers, idleSide } from "./rollback-rules.ts";
import type { RuleFacts } from "./rule-facts.ts";
import { findStickyBlocker } from "./sticky-rules.ts";
import {
  findDriftBlockers,
  findDrivenBlockers,
  findStaleBlocker,
  findSwitchBlockers,
  findTrafficBlockers,
  inFlightBlocker,
} from "./switch-rules.ts";
import { findServedBlockers } from "./way-rules.ts";

/** Every reason why no deployment can start now. */
export function findDeployBlockers(facts: RuleFacts): Blocker[] {
  const blockers = isDriven(facts) ? findDrivenBlockers(facts) : findTrafficBlockers(facts);
  if (facts.freeze) blockers.push(freezeBlocker(facts.freeze));
  blockers.push(...findDriftBlockers(facts.ledger?.drifts));
  const { live } = facts.observation.traffic;
  if (live === "blue" || live === "green") blockers.push(...findServedBlockers(facts.observation, otherColor(live)));
  if (!isDriven(facts) && (live === "blue" || live === "green"))
    blockers.push(...present(findStickyBlocker(facts, otherColor(live))));
  if (facts.deployment) blockers.push(inFlightBlocker(facts.deployment));
  const unapprovable = findUnapprovable(facts.application, facts.observation);
  if (unapprovable) blockers.push(unapprovable);
  const closed = findClosedBlocker(facts.closed);
  return closed ? [...blockers, closed] : blockers;
}

/** Why nothing can be aborted: nothing is in flight, or it is ending already. */
export function findAbortBlockers(facts: Pick<RuleFacts, "deployment">): Blocker[] {
  const { deployment } = facts;
  if (!deployment) return [nothingInFlight()];
  if (!isEnding(deployment)) return [];
  const { kind, to } = deployment;
  const said = say("blocker.endingAlready", { kind, to, doing: doingSaid(deployment) });
  return [blocker("DEPLOYMENT_IN_FLIGHT", said, say("blocker.waitEnded"))];
}

/** Why the window cannot be extended: only a bake, and the window after it, have an end to move. `id` names whose. */
export function findExtendBlockers(
  facts: Parameters<typeof findOpenWindow>[0] & Partial<Pick<RuleFacts, "application">>,
  id?: string,
): Blocker[] {
  const asked = facts.deployment ?? facts.history.find((one) => one.id === id);
  if (isDriven(facts) || asked?.aws) return [notExtendable(facts)];
  const open = findOpenWindow(facts);
  if (open && (id === undefined || id === open.deploymentId)) return [];
  return [blocker("NOT_BAKING", say("blocker.noEndToMove"))];
}

/** Why a release cannot be rejected: it is not waiting for a person. */
export function findRejectionBlockers(facts: Pick<RuleFacts, "deployment">): Blocker[] {
  if (facts.deployment && isAwaitingSwitch(facts.deployment)) return [];
  return [blocker("NOT_WAITING_FOR_APPROVAL", say("blocker.notWaiting"))];
}

/** Why a release cannot be approved: it is not waiting for it, or deployments are frozen. */
function findApprovalBlockers(facts: Pick<RuleFacts, "deployment" | "freeze">): Blocker[] {
  const blockers = findRejectionBlockers(facts);
  return facts.freeze ? [...blockers, freezeBlocker(facts.freeze)] : blockers;
}

/** Why the idle side cannot be scaled down: it carries weight, another way in serves it, something is in flight, its window is open, or the switch is not verified. */
export function findRetireBlockers(facts: RuleFacts): Blocker[] {
  if (isDriven(facts)) return facts.deployment && isHeldOpen(facts.deployment) ? [] : [nothingWaits(facts)];
  const stale = findStaleBlocker(facts, ["elb", "ecs"]);
  const blockers: Blocker[] = stale ? [stale] : [];
  const { deployment, observation } = facts;
  if (deployment) {
    const isOpen = deployment.bakeUntil !== null && deployment.bakeUntil > facts.now;
    blockers.push(
      isOpen
        ? blocker("WINDOW_OPEN", say("blocker.keptUntilBakeEnds", { side: deployment.from }))
        : inFlightBlocker(deployment),
    );
  }
  const open = deployment ? null : findOpenWindow(facts);
  if (open) {
    const said = say("blocker.keptUntil", { side: open.keeps, until: utcMinute(open.until) });
    blockers.push(blocker("WINDOW_OPEN", said, say("blocker.waitWindow")));
  }
  if (!deployment && facts.history.length === 0) blockers.push(blocker("NOT_FOUND", say("blocker.noneEnded")));
  const idle = idleSide(facts);
  if (observation.traffic.drift || !idle)
    blockers.push(blocker("STILL_LIVE", say("blocker.noIdleSide"), say("blocker.oneSideToZero")));
  else if (observation.slots[idle].counts.desired === 0)
    blockers.push(blocker("STANDBY_EMPTY", say("blocker.runsNothingAlready", { side: idle })));
  else {
    blockers.push(...findServedBlockers(observation, idle));
    blockers.push(...present(findStickyBlocker(facts, idle)));
    const unverified = findUnverified(facts);
    if (unverified) {
      const note = unverified.proof.noteSaid ?? unverified.proof.note ?? say("blocker.switchedNotProven");
      const said = say("blocker.keptUntilProven", { side: idle, note });
      blockers.push(blocker("NOT_PROVEN", said, say("blocker.letServe", { to: unverified.shift.to })));
    }
  }
  return blockers;
}

/** Whether each verb may be used now and, when not, why not. `switch` is asked for the side that is not live. */
export function actionStates(facts: RuleFacts): Record<Verb, ActionState> {
  const { live } = facts.observation.traffic;
  const to = facts.deployment?.to ?? (live === "blue" || live === "green" ? otherColor(live) : "green");
  return {
    deploy: state(findDeployBlockers(facts)),
    switch: state(findSwitchBlockers(facts, live === to ? otherColor(to) : to)),
    rollback: state(findRollbackBlockers(facts)),
    approve: state(findApprovalBlockers(facts)),
    reject: state(findRejectionBlockers(facts)),
    abort: state(findAbortBlockers(facts)),
    extend: isDriven(facts)
      ? { ...state(findExtendBlockers(facts)), offered: false }
      : state(findExtendBlockers(facts)),
    retire: state(findRetireBlockers(facts)),
  };
}

function state(blockers: Blocker[]): ActionState {
  return { allowed: blockers.length === 0, blockers };
}

function present(found: Blocker | null): Blocker[] {
  return found ? [found] : [];
}

function nothingInFlight(): Blocker {
  return blocker("NO_DEPLOYMENT_IN_FLIGHT", say("blocker.nothingInFlight"));
}

function isEnding(deployment: Deployment): boolean {
  return deployment.status !== "PENDING" && deployment.status !== "IN_PROGRESS";
}
