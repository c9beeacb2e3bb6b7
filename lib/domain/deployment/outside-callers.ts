import type { OutsideCaller } from "../observation/outside-caller.ts";
import { outsiderOf } from "./actor-said.ts";
import { withStage } from "./change-stage.ts";
import { type Deployment, type EndedGate, isInFlight } from "./deployment.ts";
import { stageRecord } from "./deployment-stage.ts";
import { endedSaid } from "./ended-gate.ts";

/** Something that was done to a deployment outside Switchyard: its start, the answer to one of its gates, its end. */
export type OutsideAct = { kind: "start" } | { kind: "gate"; gate: string } | { kind: "end" };

/** What was done outside, and by whom is not known yet; what CloudTrail could not be asked about counts as not known. */
export function unknownActs(deployment: Deployment): OutsideAct[] {
  const { aws } = deployment;
  if (!aws?.id) return [];
  const acts: OutsideAct[] = [];
  if (aws.isForeign && isOpen(aws.startedBy)) acts.push({ kind: "start" });
  for (const { id, how, by, action } of aws.ended ?? [])
    if (how === "elsewhere" && action !== null && isOpen(by)) acts.push({ kind: "gate", gate: id });
  if (wasEndedOutside(deployment) && isOpen(aws.endedBy)) acts.push({ kind: "end" });
  return acts;
}

function isOpen(caller: OutsideCaller | undefined): boolean {
  return !caller || caller.state === "denied" || caller.state === "away";
}

/** It did not succeed, nobody here ended it, and neither a later deployment nor a gate's answer did. */
function wasEndedOutside(deployment: Deployment): boolean {
  const { aws, status, late } = deployment;
  if (!aws || late || isInFlight(deployment) || status === "SUCCESSFUL") return false;
  const isAnswered = [...aws.answered, ...(aws.ended ?? [])].some(({ action }) => action === "ROLLBACK");
  return !isAnswered && aws.rollbackAskedAt === undefined && !aws.isSuperseded;
}

/** The record with who did it. */
export function withCaller(deployment: Deployment, act: OutsideAct, caller: OutsideCaller): Deployment {
  const { aws } = deployment;
  if (!aws) return deployment;
  if (act.kind === "end") return { ...deployment, aws: { ...aws, endedBy: caller } };
  if (act.kind === "start") return withStarter({ ...deployment, aws: { ...aws, startedBy: caller } }, caller);
  const before = aws.ended?.find(({ id }) => id === act.gate);
  if (!before) return deployment;
  const after: EndedGate = { ...before, by: caller };
  const ended = aws.ended?.map((each) => (each === before ? after : each)) ?? [];
  const told = { ...deployment, aws: { ...aws, ended } };
  const isSaid = same(stageRecord(told, after.stage).detailSaid, endedSaid(before));
  return isSaid ? withStage(told, after.stage, { detail: endedSaid(after) }) : told;
}

/** What AWS's own description says stays beside who it was. */
function withStarter(deployment: Deployment, caller: OutsideCaller): Deployment {
  if (caller.state !== "known") return deployment;
  const described = outsiderOf(deployment.actor);
  const who = described && described !== caller.who ? `${caller.who}, ${described}` : caller.who;
  const [outside] = deployment.actor.name.split(":");
  return { ...deployment, actor: { ...deployment.actor, name: `${outside}: ${who}` } };
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
