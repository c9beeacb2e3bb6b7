import type { CodeDeployReading, CodeDeployTarget, LifecycleEventReading } from "../aws/code-deploy-readings.ts";
import type { Stage } from "../domain/deployment/deployment.ts";
import type { AwsDeployment, AwsDeploymentStatus, AwsGate } from "../domain/observation/aws-deployment.ts";
import { otherColor, SLOT_COLORS, type SlotColor } from "../domain/observation/slot.ts";
import { inEnglish } from "../domain/sentence/in-language.ts";
import type { CodeDeployParts } from "./code-deploy-parts.ts";
import { codeDeploySaid } from "./code-deploy-words.ts";

/** Our stage, which is ECS's, of each lifecycle event. */
const STAGES: Readonly<Record<string, Stage>> = {
  BeforeInstall: "PRE_SCALE_UP",
  Install: "SCALE_UP",
  AfterInstall: "POST_SCALE_UP",
  AllowTestTraffic: "TEST_TRAFFIC_SHIFT",
  AfterAllowTestTraffic: "POST_TEST_TRAFFIC_SHIFT",
  BeforeAllowTraffic: "PRE_PRODUCTION_TRAFFIC_SHIFT",
  AllowTraffic: "PRODUCTION_TRAFFIC_SHIFT",
  AfterAllowTraffic: "POST_PRODUCTION_TRAFFIC_SHIFT",
};

/** Assumption: CodeDeploy names the deployment that rolls another one back within this time of the other one's end. */
export const ROLLBACK_TOLD_MS = 10_000;
const MINUTE_MS = 60_000;

/** The waits that people can end, as CodeDeploy names them. */
export type WaitType = "READY_WAIT" | "TERMINATION_WAIT";

/** A wait's id: CodeDeploy gives none, and one of another deployment must not be taken for it. */
export function gateId(deployment: string, wait: WaitType): string {
  return `${deployment}:${wait}`;
}

/** The wait that an id names; null for one of another deployment, and for what is no wait. */
export function waitOf(deployment: string, gate: string): WaitType | null {
  return (["READY_WAIT", "TERMINATION_WAIT"] as const).find((wait) => gateId(deployment, wait) === gate) ?? null;
}

/** A deployment of CodeDeploy's in the words that ECS's own have. The one that rolls it back is part of it. */
export function toAwsDeployment(parts: CodeDeployParts): AwsDeployment {
  const { reading, target, rollback, revision } = parts;
  const to = sideOf(parts);
  const said = codeDeploySaid(parts);
  return {
    id: reading.id,
    status: statusOf(parts),
    stage: stageOf(reading, target),
    reason: said && inEnglish(said),
    ...(said ? { reasonSaid: said } : {}),
    to,
    revision,
    requested: { production: weightOf((rollback?.target ?? target)?.taskSets, to, parts.groups), test: null },
    gates: gatesOf(reading, target),
    createdAt: reading.createdAt,
    startedAt: reading.startedAt,
    finishedAt: rollback ? rollback.reading.finishedAt : reading.rolledBackBy === null ? reading.finishedAt : null,
    bakeMinutes: reading.terminationMinutes,
    ...(reading.pauses ? { pauses: reading.pauses } : {}),
    startedBy: starterOf(reading),
    rolledBackBy: reading.rolledBackBy,
    ...(reading.status === "Failed" && reading.rolledBackBy === null ? { isFailed: true } : {}),
  };
}

/** The replacement's side; before there is one, the other side of what serves. */
function sideOf({ target, groups }: CodeDeployParts): SlotColor | null {
  const colorOf = (label: "Blue" | "Green") => {
    const set = target?.taskSets.find((one) => one.label === label);
    return SLOT_COLORS.find((color) => groups[color] === set?.targetGroup) ?? null;
  };
  const blue = colorOf("Blue");
  return colorOf("Green") ?? (blue ? otherColor(blue) : null);
}

function weightOf(
  taskSets: CodeDeployTarget["taskSets"] | undefined,
  to: SlotColor | null,
  groups: Record<SlotColor, string>,
): number | null {
  if (!to) return null;
  return taskSets?.find(({ targetGroup }) => targetGroup === groups[to])?.weight ?? null;
}

function statusOf({ reading, rollback, now }: CodeDeployParts): AwsDeploymentStatus {
  switch (reading.status) {
    case "Created":
    case "Queued":
      return "PENDING";
    case "InProgress":
    case "Baking":
    case "Ready":
      return "IN_PROGRESS";
    case "Succeeded":
      return "SUCCESSFUL";
    case "Failed":
    case "Stopped":
      break;
  }
  if (reading.rolledBackBy !== null) {
    const back = rollback?.reading.status;
    if (back === "Succeeded") return "ROLLBACK_SUCCESSFUL";
    return back === "Failed" || back === "Stopped" ? "ROLLBACK_FAILED" : "ROLLBACK_IN_PROGRESS";
  }
  if (now - (reading.finishedAt ?? now) < ROLLBACK_TOLD_MS) return "STOP_REQUESTED";
  return "STOPPED";
}

/** The event that goes on, or the last one that has ended; after all of them the termination wait and the end of the old side. */
function stageOf(reading: CodeDeployReading, target: CodeDeployTarget | null): Stage | null {
  const events = target?.events ?? [];
  const ended = (one: LifecycleEventReading) => one.status === "Succeeded" || one.status === "Failed";
  const current = events.find(({ status }) => status === "InProgress") ?? events.findLast(ended);
  if (reading.hasTerminationBegun && current?.name === "AfterAllowTraffic" && ended(current))
    return isOldSideLeaving(target) ? "CLEAN_UP" : "BAKE_TIME";
  if (reading.status === "Ready") return "PRE_PRODUCTION_TRAFFIC_SHIFT";
  return (current && STAGES[current.name]) ?? null;
}

function isOldSideLeaving(target: CodeDeployTarget | null): boolean {
  const blue = target?.taskSets.find(({ label }) => label === "Blue");
  return !blue || blue.status === "DRAINING";
}

function gatesOf(reading: CodeDeployReading, target: CodeDeployTarget | null): AwsGate[] {
  const { id, status, readyMinutes, terminationMinutes } = reading;
  const events = target?.events ?? [];
  const hasShifted = events.some((one) => one.name === "AllowTraffic" && one.status === "Succeeded");
  const lastEnd = (ended: readonly LifecycleEventReading[]) => Math.max(0, ...ended.map(({ endedAt }) => endedAt ?? 0));
  const wait = { state: "AWAITING_ACTION", isForPeople: true } as const;
  const expiry = (minutes: number | null, since: number) =>
    minutes === null || since === 0 ? null : since + minutes * MINUTE_MS;
  // What comes once it was continued moves its end no more.
  const beforeReady = events.filter(({ name }) => !/AllowTraffic$/.test(name));
  if (status === "Ready" && !hasShifted)
    return [
      // Nobody rerouting it in time stops it: before the shift that is the way back.
      {
        ...wait,
        id: gateId(id, "READY_WAIT"),
        expiresAt: expiry(readyMinutes, lastEnd(beforeReady)),
        onExpiry: "ROLLBACK",
      },
    ];
  if (stageOf(reading, target) === "BAKE_TIME" && status !== "Succeeded" && status !== "Failed" && status !== "Stopped")
    return [
      {
        ...wait,
        id: gateId(id, "TERMINATION_WAIT"),
        expiresAt: expiry(terminationMinutes, lastEnd(events)),
        onExpiry: "CONTINUE",
      },
    ];
  return events.flatMap((event): AwsGate[] => {
    const hook = reading.appSpec?.hooks[event.name];
    if (!hook || (event.status !== "InProgress" && event.status !== "Failed")) return [];
    const state = event.status === "Failed" ? "FAILED" : "IN_PROGRESS";
    const common = { id: `${id}:${event.name}`, isForPeople: false, target: hook, expiresAt: null } as const;
    return [{ ...common, state, onExpiry: "ROLLBACK" }];
  });
}

/** Who started it, as far as CodeDeploy says: its description, else what sort of caller it was. */
function starterOf({ creator, description }: CodeDeployReading): string | null {
  if (description) return description;
  return creator === "user" ? null : creator;
}
