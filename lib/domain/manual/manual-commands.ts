import type { Deployment } from "../deployment/deployment.ts";
import { hasShifted, stageRecord } from "../deployment/deployment-stage.ts";
import { isSideWarm, minimumHealthyFor } from "../observation/side-health.ts";
import { otherColor, type Revision, type SlotColor } from "../observation/slot.ts";
import { weightsFor } from "../observation/traffic.ts";
import { isDriven } from "../rules/driven-rules.ts";
import {
  findLastMove,
  findRollbackBlockers,
  findRollbackTarget,
  idleSide,
  isInstant,
  type RollbackTarget,
  rollbackSide,
} from "../rules/rollback-rules.ts";
import type { RuleFacts } from "../rules/rule-facts.ts";
import { findNotReady } from "../rules/scale-up-rules.ts";
import { findStartWay } from "../rules/start-rules.ts";
import { findUnapprovedBlocker } from "../rules/unapproved-rules.ts";
import { say } from "../sentence/sentence.ts";
import type { Told } from "../sentence/told.ts";
import type { Blocker } from "../verb/blocker.ts";
import type { Verb } from "../verb/verb.ts";
import type { CliCommand } from "./cli-command.ts";
import { findDrivenMoves } from "./driven-moves.ts";
import type { ManualMoves, MoveRequest } from "./move.ts";

/** Which action, and what it would be asked with. */
export interface CommandsRequest {
  action: Verb;
  to?: SlotColor;
  imageTag?: string;
  image?: string;
  taskDefinition?: string;
}

/** What a person would run to do the same without Switchyard. */
export interface Commands {
  application: string;
  action: Verb;
  /** Epoch ms of the look at AWS that they come from: the action list in them is as it was then. */
  readAt: number;
  /** What to know before running them, or why there are none. */
  note: string | null;
  commands: (Omit<CliCommand, "purpose"> & { purpose: string; shell: string })[];
  /** All of them in one piece, for bash or zsh; empty when there are none. */
  script: string;
}

/** What does the same as the action, from how the world is now. Rules do not stop it: whoever acts by hand sees the world. */
export function findMoves(verb: Verb, facts: RuleFacts, moveRequest: MoveRequest = {}): ManualMoves {
  const { deployment, observation } = facts;
  if (isDriven(facts)) return findDrivenMoves(verb, facts, moveRequest);
  switch (verb) {
    case "deploy":
      return deployMoves(facts, moveRequest);
    case "switch":
      return shiftMoves(facts, moveRequest.to ?? deployment?.to ?? standby(facts));
    case "approve":
      return deployment ? shiftMoves(facts, deployment.to) : nothing(say("manual.noRelease"));
    case "rollback":
      return rollbackMoves(facts);
    case "abort":
    case "reject":
      return deployment ? abortMoves(facts, deployment) : nothing(say("manual.noDeployment"));
    case "extend":
      return nothing(say("manual.clockOnly"));
    case "retire": {
      const idle = idleSide(facts);
      if (observation.traffic.drift || !idle) return nothing(say("manual.noIdleSide"));
      return { moves: [{ type: "retireSide", slot: idle }], note: null };
    }
  }
}

function deployMoves(facts: RuleFacts, { revision }: MoveRequest): ManualMoves {
  const slot = standby(facts);
  const { blue, green } = facts.observation.slots;
  if (!revision) return nothing(say("manual.sayWhat"));
  if (facts.observation.traffic.weights[slot] > 0) return nothing(say("manual.hasTraffic", { side: slot }));
  const desired = Math.max(1, blue.counts.desired, green.counts.desired, facts.application.minimumHealthy ?? 1);
  return {
    moves: [
      { type: "startSide", slot, revision, desired },
      { type: "waitHealthy", slot },
    ],
    note: say("manual.switchAfterwards", { side: slot }),
  };
}

function shiftMoves({ application, observation, unapproved }: RuleFacts, to: SlotColor): ManualMoves {
  const isWarm = isSideWarm(application, observation, to);
  const minimum = minimumHealthyFor(application, observation, to);
  const sick = isWarm ? null : say("manual.tooFewHealthy", { side: to, minimum });
  const blocker = findUnapprovedBlocker(unapproved, to, observation.slots[to].revision);
  const refused = blocker && wordsOf(blocker);
  return {
    moves: [{ type: "shift", to, weights: weightsFor(to) }],
    note: sick && refused ? say("told.next", { first: sick, second: refused }) : (sick ?? refused),
  };
}

function rollbackMoves(facts: RuleFacts): ManualMoves {
  const { deployment } = facts;
  const to = rollbackSide(facts);
  const target = findRollbackTarget(facts) ?? (deployment && to && underWay(deployment, to));
  if (!target) {
    // Nothing was moved yet, or what was is back already: the other side is not what was live before.
    if (deployment || findLastMove(facts.history)) {
      const last = findRollbackBlockers(facts).at(-1);
      return nothing(last ? wordsOf(last) : say("manual.nothingToDo"));
    }
    return withoutRecord(facts);
  }
  const { revision } = target;
  if (isInstant(facts, target))
    return { moves: [{ type: "shift", to: target.to, weights: weightsFor(target.to) }], note: null };
  const known = revision ?? facts.observation.slots[target.to].revision;
  if (!known) return nothing(say("manual.nothingToStart", { side: target.to }));
  return warmUp(facts, target.to, known);
}

/** The rollback that is going on already, to be done by hand; null where what is in flight goes forward. */
function underWay(deployment: Deployment, to: SlotColor): RollbackTarget | null {
  const { kind, status, plan, revision, fromRevision } = deployment;
  if (kind === "ROLLBACK" && to === deployment.to) return { to, revision, turns: null };
  const isTurning = status.startsWith("ROLLBACK") || plan?.turnedAt != null;
  return isTurning ? { to, revision: fromRevision, turns: deployment } : null;
}

/** Without a record of what was live before, the other side as it stands is what there is to go back to. */
function withoutRecord(facts: RuleFacts): ManualMoves {
  const { live } = facts.observation.traffic;
  if (live !== "blue" && live !== "green") return nothing(say("manual.noWayBack"));
  const to = otherColor(live);
  const { revision } = facts.observation.slots[to];
  if (!revision) return nothing(say("manual.nothingToStart", { side: to }));
  const note = say("manual.noSwitchOnRecord", { side: to });
  if (isSideWarm(facts.application, facts.observation, to))
    return { moves: [{ type: "shift", to, weights: weightsFor(to) }], note };
  return { ...warmUp(facts, to, revision), note };
}

function warmUp({ application, observation }: RuleFacts, to: SlotColor, known: Revision): ManualMoves {
  const { taskDefinition } = known;
  const isAnother = observation.slots[to].revision?.taskDefinition !== taskDefinition;
  if (isAnother && observation.traffic.weights[to] > 0) return nothing(say("manual.runsSomethingElse", { side: to }));
  const way = findStartWay(observation, to, known);
  if (way.how === "none") return nothing(wordsOf(way.blocker));
  const desired = Math.max(minimumHealthyFor(application, observation, to), observation.slots[to].counts.desired);
  const cold = say("manual.cold", { side: to });
  const revision = way.how === "copy" ? { image: way.image, from: taskDefinition } : { taskDefinition };
  return {
    moves: [
      { type: "startSide", slot: to, revision, desired },
      { type: "waitHealthy", slot: to },
      { type: "shift", to, weights: weightsFor(to) },
    ],
    note: way.how === "start" ? cold : say("told.next", { first: cold, second: way.said }),
  };
}

function abortMoves(facts: RuleFacts, deployment: Deployment): ManualMoves {
  if (hasShifted(deployment)) return rollbackMoves(facts);
  const { plan, to, revision } = deployment;
  const hadStarted = stageRecord(deployment, "SCALE_UP").startedAt !== null;
  const isReady = revision && findNotReady(facts.application, facts.observation, deployment, revision) === null;
  const before = plan?.before.revision;
  if (!plan?.requested || !hadStarted || isReady || !before) return nothing(say("manual.leftAsIs", { side: to }));
  return {
    moves: [
      {
        type: "startSide",
        slot: to,
        revision: { taskDefinition: before.taskDefinition },
        desired: plan.before.desired,
      },
    ],
    note: say("manual.putBack", { side: to }),
  };
}

function standby({ observation }: RuleFacts): SlotColor {
  return otherColor(observation.traffic.live === "green" ? "green" : "blue");
}

function wordsOf({ said, message }: Blocker): Told {
  return said ?? message;
}

function nothing(note: Told): ManualMoves {
  return { moves: [], note };
}
