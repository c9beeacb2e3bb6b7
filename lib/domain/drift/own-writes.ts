import { type Deployment, isInFlight } from "../deployment/deployment.ts";
import { stepAt } from "../deployment/shift-steps.ts";
import { isAwsDeploymentOver } from "../observation/aws-deployment.ts";
import {
  type ConfigurationPart,
  isCount,
  sideOfPart,
  weightsInPart,
  weightsPart,
} from "../observation/configuration-parts.ts";
import type { Observation } from "../observation/observation.ts";
import { hasScaled } from "../observation/scale-ins.ts";
import type { SlotColor } from "../observation/slot.ts";
import { weightsFor } from "../observation/traffic.ts";

/** What the record says that Switchyard did. */
export interface LedgerRecord {
  deployment: Deployment | null;
  history: readonly Deployment[];
}

/** What Switchyard wrote, or is writing, since the ledger's time. */
interface OwnWrites {
  /** What the newest write that read back asked for; null when none did. */
  weights: string | null;
  /** Weights that a write under way starts from or leads to. */
  underWay: ReadonlySet<string>;
  /** Readings up to this time (epoch ms) may be from before the newest write of weights. */
  weightsUnsettledUntil: number;
  deployments: readonly Deployment[];
  /** The ledger's time, epoch ms. */
  at: number;
  /** Sides that were scaled down, with when. */
  retired: ReadonlySet<SlotColor>;
}

/** Everything of the record that may explain a change since `at`. */
export function ownWrites({ deployment, history }: LedgerRecord, at: number, settleMs: number): OwnWrites {
  const all = [...(deployment ? [deployment] : []), ...history];
  const deployments = all.filter((one) => isInFlight(one) || (one.finishedAt ?? 0) + settleMs > at);
  const shifts = deployments.flatMap((one) => {
    const shift = one.plan?.shift;
    return shift ? [{ shift, target: weightsPart(targetOf(one)), isLive: isInFlight(one) }] : [];
  });
  const sent = shifts.filter(({ shift }) => shift.sentAt !== null && shift.sentAt > at);
  const [newest] = sent.toSorted((a, b) => (b.shift.sentAt ?? 0) - (a.shift.sentAt ?? 0));
  return {
    weights: newest && newest.shift.readBackMs !== null ? newest.target : null,
    underWay: new Set(
      shifts.flatMap(({ shift, target, isLive }) => [
        ...(isLive ? [weightsPart(shift.expected)] : []),
        ...(shift.sentAt !== null && (isLive || shift.readBackMs === null) ? [target] : []),
      ]),
    ),
    weightsUnsettledUntil: newest ? (newest.shift.sentAt ?? 0) + (newest.shift.readBackMs ?? 0) + settleMs / 2 : 0,
    deployments,
    at,
    retired: new Set(all.flatMap(({ retired }) => (retired && retired.at + settleMs > at ? [retired.slot] : []))),
  };
}

/** The old side of an ECS deployment is stopped and its targets drain for about this long after its end. */
const AWS_SETTLES_MS = 120_000;

/** Whether Switchyard itself may have made the part so; "unsettled" while AWS may still tell an old reading. */
export function explains(
  own: OwnWrites,
  part: ConfigurationPart,
  value: string,
  look: Observation,
): "own" | "foreign" | "unsettled" {
  // Nobody's deployment makes a listener or target group anew.
  if (part === "listener" || part.endsWith(".targetGroup")) return "foreign";
  const { traffic, awsDeployments, observedAt } = look;
  if (isAwsAtWork(awsDeployments, observedAt)) return "own";
  if (part === "weights") {
    if (weightsInPart(value).every((each) => own.underWay.has(each))) return "own";
    return traffic.readAt <= own.weightsUnsettledUntil ? "unsettled" : "foreign";
  }
  const side = sideOfPart(part);
  if (side === null || part.endsWith(".stickiness") || part.endsWith(".deregistrationDelay")) return "foreign";
  if (own.retired.has(side)) return "own";
  if (own.deployments.length === 0) return isCount(part) ? byScaling(look, side, own.at) : "foreign";
  if (!part.endsWith(".taskDefinition")) return "own";
  return own.deployments.some((one) => revisionsOf(one).has(value)) ? "own" : "foreign";
}

/** A count that Application Auto Scaling says it set is nobody's change. */
function byScaling({ slots }: Observation, side: SlotColor, since: number): "own" | "foreign" | "unsettled" {
  const scaled = hasScaled(slots[side], since);
  if (scaled === "unsettled") return "unsettled";
  return scaled === "yes" ? "own" : "foreign";
}

/** While AWS deploys, and for a moment after, what it changes is its own work: nobody else's. */
function isAwsAtWork(deployments: Observation["awsDeployments"] = [], observedAt: number): boolean {
  return deployments.some((one) => !isAwsDeploymentOver(one) || (one.finishedAt ?? 0) + AWS_SETTLES_MS > observedAt);
}

function targetOf(deployment: Deployment) {
  const to = deployment.plan?.shift?.to ?? deployment.to;
  const step = to === deployment.to ? stepAt(deployment)?.step : null;
  return step?.weights ?? weightsFor(to);
}

/** Everything a deployment may have a side run; "none" while task sets come and go. */
function revisionsOf({ plan, revision, fromRevision }: Deployment): Set<string> {
  const known = [revision, fromRevision, plan?.before.revision ?? null];
  return new Set(["none", ...known.flatMap((one) => (one ? [one.taskDefinition] : []))]);
}
