import type { ServiceDeploymentReading } from "../aws/service-deployments.ts";
import type { ServiceReading } from "../aws/service-reading.ts";
import type { Application } from "../domain/application/application.ts";
import { type AwsDeployment, isAwsDeploymentOver } from "../domain/observation/aws-deployment.ts";
import { readWeights } from "../domain/observation/read-weights.ts";
import { otherColor, type Revision, SLOT_COLORS, type SlotColor } from "../domain/observation/slot.ts";
import { shortName } from "../domain/text/short-name.ts";
import type { Facts } from "./facts.ts";
import { newestDeployments, revisionReading } from "./gather-service-deployments.ts";

/** What ECS runs on one side of a service that it deploys itself. */
export interface NativeSide {
  /** ARN of the service revision; null when the side has none. */
  revision: string | null;
  taskDefinition: string;
  desired: number;
  running: number;
  pending: number;
}

const EMPTY: NativeSide = { revision: null, taskDefinition: "", desired: 0, running: 0, pending: 0 };

/** ECS's id of the deployment that starts a revision's tasks: its number. Assumption: known from long use, not documented. */
export function startedByOf(revisionArn: string): string {
  return `ecs-svc/${shortName(revisionArn)}`;
}

/**
 * Both sides. A revision is on the side of the target group that ECS says it serves from; the one that is being deployed is on
 * the other side of what it replaces, and without anything to replace on the side that the rule gives no weight. After a rule was
 * rewritten ECS may have two on one side: the newer one is then what the side runs, and `all` has both.
 */
export function nativeSides(
  application: Application,
  service: ServiceReading | null,
  facts: Facts,
): Record<SlotColor, NativeSide> & { all: { revision: string; color: SlotColor }[] } {
  const sides: Record<SlotColor, NativeSide> = { blue: EMPTY, green: EMPTY };
  const all: { revision: string; color: SlotColor }[] = [];
  if (!service) return { ...sides, all };
  const [newest] = newestDeployments(application, facts);
  const target = newest?.target ?? null;
  const shares = newest ? [...newest.sources, ...(target ? [target] : [])] : [];
  const running = shares.filter(({ running, requested }) => running + requested > 0).map(({ arn }) => arn);
  const arns = [...new Set([...service.serviceRevisions, ...running])];
  // The one that is being deployed comes last, and so is what its side runs.
  for (const arn of arns.toSorted((a, b) => Number(a === target?.arn) - Number(b === target?.arn))) {
    const color = sideOfRevision(application, arn, newest ?? null, facts);
    if (!color) continue;
    all.push({ revision: arn, color });
    const share = shares.find((each) => each.arn === arn);
    const isAlone = service.serviceRevisions.length === 1 && service.serviceRevisions[0] === arn;
    sides[color] = {
      revision: arn,
      taskDefinition: revisionReading(arn, facts)?.taskDefinition ?? "",
      desired: isAlone ? service.desired : (share?.requested ?? service.desired),
      running: isAlone ? service.running : (share?.running ?? 0),
      pending: isAlone ? service.pending : (share?.pending ?? 0),
    };
  }
  return { ...sides, all };
}

/** Null while neither ECS nor the rule says which side it is on. */
function sideOfRevision(
  application: Application,
  arn: string,
  newest: ServiceDeploymentReading | null,
  facts: Facts,
): SlotColor | null {
  const told = colorOfGroups(application, revisionReading(arn, facts)?.servesFrom);
  if (told) return told;
  if (newest?.target?.arn !== arn) return null;
  const [source] = newest.sources;
  const replaced = source && colorOfGroups(application, revisionReading(source.arn, facts)?.servesFrom);
  if (replaced) return otherColor(replaced);
  const groups = facts.forwards.find(application.listener.arn)?.value?.forward.groups;
  if (!groups) return null;
  const { slots } = application;
  const { weights } = readWeights(groups, {
    blue: slots.blue.targetGroupArn,
    green: slots.green.targetGroupArn,
  });
  return weights.blue > 0 ? "green" : weights.green > 0 ? "blue" : null;
}

/** The side whose own target group is among these. */
export function colorOfGroups({ slots }: Application, groups: readonly string[] = []): SlotColor | null {
  return SLOT_COLORS.find((color) => groups.includes(slots[color].targetGroupArn)) ?? null;
}

/** The newest deployments as everything else is told of them, newest first. */
export function awsDeploymentsOf(
  application: Application,
  facts: Facts,
  revisionOf: (taskDefinition: string) => Revision | null,
): AwsDeployment[] {
  const found = newestDeployments(application, facts);
  return found.map((reading, index) => {
    const revision = revisionReading(reading.target?.arn, facts);
    const known = revision ? revisionOf(revision.taskDefinition) : null;
    const digest = revision && Object.values(revision.digests).length === 1 ? Object.values(revision.digests)[0] : null;
    const deployment: AwsDeployment = {
      id: reading.arn,
      status: reading.status,
      stage: reading.stage,
      reason: reading.reason,
      to: reading.target ? sideOfRevision(application, reading.target.arn, reading, facts) : null,
      revision: known && { ...known, digest: known.digest ?? digest ?? null },
      requested: {
        production: reading.target?.productionWeight ?? null,
        test: reading.target?.testWeight ?? null,
      },
      gates: reading.gates,
      createdAt: reading.createdAt,
      startedAt: reading.startedAt,
      finishedAt: reading.finishedAt,
      bakeMinutes: reading.bakeMinutes,
      ...(reading.rollout ? { rollout: reading.rollout } : {}),
      ...(reading.pauses ? { pauses: reading.pauses } : {}),
      startedBy: null,
      rolledBackBy: null,
      ...(reading.status === "STOPPED" && reading.isFailed ? { isFailed: true } : {}),
    };
    // Only the newest one's gates can still be answered: a newer deployment ends the older ones.
    return index === 0 || isAwsDeploymentOver(deployment) ? deployment : { ...deployment, gates: [] };
  });
}
