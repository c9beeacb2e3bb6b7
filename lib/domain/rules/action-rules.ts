import type { Deployment } from "../deployment/deployment.ts";
import { isAwaitingSwitch } from "../deployment/deployment.ts";
import { deploymentWords, doingWords } from "../deployment/deployment-words.ts";
import { isHeldOpen } from "../deployment/gate-words.ts";
import { keptWords } from "../deployment/window.ts";
import { otherColor } from "../observation/slot.ts";
import type { ActionState } from "../verb/action-state.ts";
import type { Blocker } from "../verb/blocker.ts";
import type { Verb } from "../verb/verb.ts";
import { findUnapprovable } from "./approvable-rules.ts";
import { isDriven, notExtendable, nothingWaits } from "./driven-rules.ts";
import { freezeBlocker } from "./freeze.ts";
import { findUnproven } from "./late-proof.ts";
import { findClosedBlocker } from "./maintenance-window.ts";
import { findOpenWindow, findRollbackBlockers, idleSide } from "./rollback-rules.ts";
import {
  findDriftBlockers,
  findDrivenBlockers,
  findStaleBlocker,
  findSwitchBlockers,
  findTrafficBlockers,
  inFlightBlocker,
  type RuleFacts,
} from "./switch-rules.ts";
import { findServedBlockers } from "./way-rules.ts";

/** Every reason why no deployment can start now. */
export function findDeployBlockers(facts: RuleFacts): Blocker[] {
  const blockers = isDriven(facts) ? findDrivenBlockers(facts) : findTrafficBlockers(facts);
  if (facts.freeze) blockers.push(freezeBlocker(facts.freeze));
  blockers.push(...findDriftBlockers(facts.ledger?.drifts));
  const { live } = facts.observation.traffic;
  if (live === "blue" || live === "green") blockers.push(...findServedBlockers(facts.observation, otherColor(live)));
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
  if (isEnding(deployment))
    return [
      {
        code: "DEPLOYMENT_IN_FLIGHT",
        message: `The ${deploymentWords(deployment)} is ending already: it ${doingWords(deployment)}`,
        fix: "Wait until it has ended",
      },
    ];
  return [];
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
  return [{ code: "NOT_BAKING", message: "No deployment is baking and no window is open, so there is no end to move" }];
}

/** Why a release cannot be rejected: it is not waiting for a person. */
export function findRejectionBlockers(facts: Pick<RuleFacts, "deployment">): Blocker[] {
  if (facts.deployment && isAwaitingSwitch(facts.deployment)) return [];
  return [{ code: "NOT_WAITING_FOR_APPROVAL", message: "No deployment waits before its production shift" }];
}

/** Why a release cannot be approved: it is not waiting for it, or the line is stopped. */
function findApprovalBlockers(facts: Pick<RuleFacts, "deployment" | "freeze">): Blocker[] {
  const blockers = findRejectionBlockers(facts);
  return facts.freeze ? [...blockers, freezeBlocker(facts.freeze)] : blockers;
}

/** Why the idle side cannot be scaled down: it carries weight, another way in serves it, something is in flight, its window is open, or the switch is not proven. */
export function findRetireBlockers(facts: RuleFacts): Blocker[] {
  if (isDriven(facts)) return facts.deployment && isHeldOpen(facts.deployment) ? [] : [nothingWaits(facts)];
  const stale = findStaleBlocker(facts, ["elb", "ecs"]);
  const blockers: Blocker[] = stale ? [stale] : [];
  const { deployment, observation } = facts;
  if (deployment) {
    const isOpen = deployment.bakeUntil !== null && deployment.bakeUntil > facts.now;
    blockers.push(
      isOpen
        ? { code: "WINDOW_OPEN", message: `${deployment.from} is kept warm for rollback until the bake ends` }
        : inFlightBlocker(deployment),
    );
  }
  const open = deployment ? null : findOpenWindow(facts);
  if (open) blockers.push({ code: "WINDOW_OPEN", message: keptWords(open), fix: "Wait until the window has closed" });
  if (!deployment && facts.history.length === 0)
    blockers.push({ code: "NOT_FOUND", message: "No deployment has ended yet, so none left a side behind to retire" });
  const idle = idleSide(facts);
  if (observation.traffic.drift || !idle)
    blockers.push({
      code: "STILL_LIVE",
      message: "No side is known to carry no traffic, so none is stopped",
      fix: "Bring one side to weight 0 first",
    });
  else if (observation.slots[idle].counts.desired === 0)
    blockers.push({ code: "STANDBY_EMPTY", message: `${idle} runs nothing already` });
  else {
    blockers.push(...findServedBlockers(observation, idle));
    const unproven = findUnproven(facts);
    if (unproven)
      blockers.push({
        code: "NOT_PROVEN",
        message: `${idle} is kept until the switch is proven. ${unproven.proof.note ?? "Switched, not proven"}`,
        fix: `Let ${unproven.shift.to} serve a request: the proof is still looked for`,
      });
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

function nothingInFlight(): Blocker {
  return { code: "NO_DEPLOYMENT_IN_FLIGHT", message: "No deployment is in flight" };
}

function isEnding(deployment: Deployment): boolean {
  return deployment.status !== "PENDING" && deployment.status !== "IN_PROGRESS";
}
