import { type Deployment, pauseStage } from "../deployment/deployment.ts";
import type { Slot, SlotColor } from "../observation/slot.ts";
import type { Traffic } from "../observation/traffic.ts";
import type { ApplicationSnapshot } from "./snapshot.ts";

/** What of a deployment says what it is and where it stands. */
export type DeploymentSummary = Pick<
  Deployment,
  | "id"
  | "application"
  | "kind"
  | "status"
  | "statusReason"
  | "statusSaid"
  | "stage"
  | "from"
  | "to"
  | "revision"
  | "startedAt"
  | "finishedAt"
  | "actor"
  | "stages"
  | "rollout"
  | "steps"
  | "approval"
  | "proof"
  | "aws"
>;

/** One side in a list: what it runs and how much of it. */
export type SideSummary = Pick<Slot, "color" | "role" | "revision" | "isRevisionUnread" | "counts" | "targetsReadAt">;

/**
 * One application in lists and in streams of many: a snapshot without tasks, targets, events, metrics, journals and verbs. Every
 * snapshot is one as well. Times are epoch ms.
 */
export interface ApplicationSummary
  extends Pick<
    ApplicationSnapshot,
    | "name"
    | "region"
    | "account"
    | "team"
    | "cluster"
    | "controller"
    | "observedAt"
    | "answeredAt"
    | "isUnread"
    | "sources"
    | "window"
    | "alarms"
    | "automaticRollback"
    | "freeze"
  > {
  traffic: Pick<Traffic, "live" | "weights" | "drift" | "driftSaid" | "readAt">;
  slots: Readonly<Record<SlotColor, SideSummary>>;
  /** The one in flight, with the stages that it is at. */
  deployment: DeploymentSummary | null;
  /** The newest finished one; null before the first. */
  lastDeployment: DeploymentSummary | null;
}

const summaries = new WeakMap<ApplicationSnapshot, ApplicationSummary>();

/** The same object for the same snapshot, so that it is encoded once for all who get it. */
export function summaryOf(snapshot: ApplicationSnapshot): ApplicationSummary {
  const known = summaries.get(snapshot);
  if (known) return known;
  const summary = summarize(snapshot);
  summaries.set(snapshot, summary);
  return summary;
}

/** Whether everything of the application is there. */
export function isWhole(summary: ApplicationSummary | ApplicationSnapshot): summary is ApplicationSnapshot {
  return "actions" in summary;
}

function summarize(snapshot: ApplicationSnapshot): ApplicationSummary {
  const {
    name,
    region,
    account,
    team,
    cluster,
    controller,
    observedAt,
    answeredAt,
    isUnread,
    sources,
    traffic,
    slots,
  } = snapshot;
  const { deployment, lastDeployment, window, alarms, automaticRollback, freeze } = snapshot;
  return {
    ...{ name, region, cluster, controller, observedAt, sources, window, alarms },
    ...(account === undefined ? {} : { account }),
    ...(team === undefined ? {} : { team }),
    ...(answeredAt === undefined ? {} : { answeredAt }),
    ...(isUnread ? { isUnread } : {}),
    ...(automaticRollback ? { automaticRollback: { ...automaticRollback, lines: [] } } : {}),
    ...(freeze ? { freeze } : {}),
    traffic: {
      live: traffic.live,
      weights: traffic.weights,
      readAt: traffic.readAt,
      ...(traffic.drift === undefined ? {} : { drift: traffic.drift }),
      ...(traffic.driftSaid === undefined ? {} : { driftSaid: traffic.driftSaid }),
    },
    slots: { blue: sideOf(slots.blue), green: sideOf(slots.green) },
    deployment: deployment && deploymentOf(deployment),
    lastDeployment: lastDeployment && deploymentOf(lastDeployment),
  };
}

function sideOf({ color, role, revision, isRevisionUnread, counts, targetsReadAt }: Slot): SideSummary {
  return {
    ...{ color, role, revision, counts },
    ...(isRevisionUnread ? { isRevisionUnread } : {}),
    ...(targetsReadAt === undefined ? {} : { targetsReadAt }),
  };
}

function deploymentOf(deployment: Deployment): DeploymentSummary {
  const { id, application, kind, status, statusReason, stage, from, to, revision, startedAt, finishedAt } = deployment;
  const { actor, stages, rollout, steps, approval, proof, aws, statusSaid } = deployment;
  const standsAt = [stage, pauseStage(deployment)];
  return {
    ...{ id, application, kind, status, statusReason, stage, from, to, revision, startedAt, finishedAt, actor, proof },
    stages: finishedAt === null ? stages.filter((record) => standsAt.includes(record.stage)) : [],
    ...(statusSaid ? { statusSaid } : {}),
    ...(rollout ? { rollout } : {}),
    ...(steps && finishedAt === null ? { steps } : {}),
    ...(approval ? { approval } : {}),
    ...(aws ? { aws } : {}),
  };
}
