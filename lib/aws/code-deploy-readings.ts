import type {
  BlueGreenDeploymentConfiguration,
  DeploymentInfo,
  RevisionLocation,
  DeploymentGroupInfo as SdkGroup,
  ECSTarget as SdkTarget,
} from "@aws-sdk/client-codedeploy";
import type { AwsPause } from "../domain/observation/aws-deployment.ts";
import { type AppSpec, readAppSpec } from "./app-spec.ts";

/** A deployment group by its names. */
export interface GroupNames {
  application: string;
  group: string;
}

/** A deployment group for ECS: one service, one pair of target groups, the listeners that CodeDeploy rewrites. */
export interface GroupReading extends GroupNames {
  /** Null where the group is not for an ECS service. */
  service: { cluster: string; name: string } | null;
  /** Names; two in a group that works. */
  targetGroups: string[];
  /** ARNs. */
  productionListener: string | null;
  testListener: string | null;
  /** Where its deployments wait for a person: before traffic is rerouted, or nowhere. */
  pauses: AwsPause[];
  /** When CodeDeploy rolls back by itself. */
  autoRollback: { enabled: boolean; events: string[] };
  /** What its newest successful deployment was made from; null before the first. */
  revision: RevisionReading | null;
}

/** Where the AppSpec of a deployment is. */
export interface RevisionReading {
  /** "AppSpecContent", "S3", ... */
  type: string;
  /** The text, where CodeDeploy tells it with the deployment. */
  content: string | null;
  /** SHA-256 of the text, by which CodeDeploy finds it again. */
  sha256: string | null;
}

/** CodeDeploy's own states of a deployment. */
const CODE_DEPLOY_STATUSES = [
  "Created",
  "Queued",
  "InProgress",
  "Baking",
  "Ready",
  "Succeeded",
  "Failed",
  "Stopped",
] as const;
type CodeDeployStatus = (typeof CODE_DEPLOY_STATUSES)[number];
/** Those in which it is not over. */
export const ACTIVE_STATUSES = CODE_DEPLOY_STATUSES.filter(
  (status) => status !== "Succeeded" && status !== "Failed" && status !== "Stopped",
);

/** One deployment as CodeDeploy tells it. Times are epoch ms; texts are untrusted. */
export interface CodeDeployReading {
  id: string;
  status: CodeDeployStatus;
  /** "user", "CloudFormation", "codeDeployRollback", ... */
  creator: string;
  description: string | null;
  error: { code: string; message: string } | null;
  /** Id of the deployment that rolls this one back; null where there is none, or not yet. */
  rolledBackBy: string | null;
  /** Id of the deployment that this one rolls back. */
  rollsBack: string | null;
  createdAt: number;
  startedAt: number | null;
  finishedAt: number | null;
  /** Null where CodeDeploy does not tell the text. */
  appSpec: AppSpec | null;
  /** How long it waits before traffic is rerouted, in minutes, where it then stops; null where it goes on by itself. */
  readyMinutes: number | null;
  /** The same as its own copy of the group's settings says it; null where CodeDeploy does not tell it. */
  pauses: AwsPause[] | null;
  /** For how long the old task set is kept after the shift, in minutes; null where it is kept for good. */
  terminationMinutes: number | null;
  /** Whether that wait has begun. It stays so after its end. */
  hasTerminationBegun: boolean;
}

/** One lifecycle event of a deployment. */
export interface LifecycleEventReading {
  name: string;
  status: "Pending" | "InProgress" | "Succeeded" | "Failed" | "Skipped" | "Unknown";
  /** Epoch ms. */
  endedAt: number | null;
  /** What a failed one says. */
  message: string | null;
}

/** One of the two task sets of a deployment. */
interface TargetTaskSet {
  /** "ecs-svc/..." */
  id: string;
  label: "Blue" | "Green" | null;
  /** "PRIMARY", "ACTIVE" or "DRAINING". */
  status: string;
  /** Percent of production traffic, as CodeDeploy says. */
  weight: number | null;
  /** Name of its target group. */
  targetGroup: string;
  desired: number;
  running: number;
}

/** The one target of a deployment for ECS. */
export interface CodeDeployTarget {
  events: LifecycleEventReading[];
  taskSets: TargetTaskSet[];
}

/** ECS's default in a group that does not say: an hour. */
const DEFAULT_TERMINATION_MINUTES = 60;

/** @throws nothing; what CodeDeploy leaves out is null. */
export function toGroup(group: SdkGroup): GroupReading {
  const [service] = group.ecsServices ?? [];
  const [pair] = group.loadBalancerInfo?.targetGroupPairInfoList ?? [];
  const { enabled = false, events = [] } = group.autoRollbackConfiguration ?? {};
  return {
    application: group.applicationName ?? "",
    group: group.deploymentGroupName ?? "",
    service:
      service?.clusterName && service.serviceName ? { cluster: service.clusterName, name: service.serviceName } : null,
    targetGroups: (pair?.targetGroups ?? []).flatMap(({ name }) => name ?? []),
    productionListener: pair?.prodTrafficRoute?.listenerArns?.[0] ?? null,
    testListener: pair?.testTrafficRoute?.listenerArns?.[0] ?? null,
    pauses: pausesOf(group.blueGreenDeploymentConfiguration),
    autoRollback: { enabled, events: [...events] },
    revision: group.targetRevision ? toRevision(group.targetRevision) : null,
  };
}

/** One that nobody reroutes in time is stopped, which before the shift is the way back. */
function pausesOf(config: BlueGreenDeploymentConfiguration | undefined): AwsPause[] {
  const waits = config?.deploymentReadyOption?.actionOnTimeout === "STOP_DEPLOYMENT";
  return waits ? [{ stage: "PRE_PRODUCTION_TRAFFIC_SHIFT", onExpiry: "ROLLBACK" }] : [];
}

function toRevision({ revisionType, appSpecContent }: RevisionLocation): RevisionReading {
  return {
    type: revisionType ?? "",
    content: appSpecContent?.content ?? null,
    sha256: appSpecContent?.sha256 ?? null,
  };
}

/** A deployment out of BatchGetDeployments. A status that is not known here counts as InProgress. */
export function toDeployment(info: DeploymentInfo): CodeDeployReading {
  const { errorInformation: error, rollbackInfo, blueGreenDeploymentConfiguration: config } = info;
  const { deploymentReadyOption: ready, terminateBlueInstancesOnDeploymentSuccess: termination } = config ?? {};
  const content = info.revision?.appSpecContent?.content;
  return {
    id: info.deploymentId ?? "",
    status: CODE_DEPLOY_STATUSES.find((status) => status === info.status) ?? "InProgress",
    creator: info.creator ?? "user",
    description: info.description ?? null,
    error: error ? { code: error.code ?? "", message: error.message ?? "" } : null,
    rolledBackBy: rollbackInfo?.rollbackDeploymentId ?? null,
    rollsBack: rollbackInfo?.rollbackTriggeringDeploymentId ?? null,
    createdAt: info.createTime?.getTime() ?? 0,
    startedAt: info.startTime?.getTime() ?? null,
    finishedAt: info.completeTime?.getTime() ?? null,
    appSpec: content ? readAppSpec(content) : null,
    pauses: config ? pausesOf(config) : null,
    readyMinutes: ready?.actionOnTimeout === "STOP_DEPLOYMENT" ? (ready.waitTimeInMinutes ?? 0) : null,
    terminationMinutes:
      termination?.action === "KEEP_ALIVE"
        ? null
        : (termination?.terminationWaitTimeInMinutes ?? DEFAULT_TERMINATION_MINUTES),
    hasTerminationBegun: info.instanceTerminationWaitTimeStarted ?? false,
  };
}

/** A target out of GetDeploymentTarget. */
export function toTarget(target: SdkTarget): CodeDeployTarget {
  return {
    events: (target.lifecycleEvents ?? []).map((event) => ({
      name: event.lifecycleEventName ?? "",
      status: event.status ?? "Unknown",
      endedAt: event.endTime?.getTime() ?? null,
      message: event.diagnostics?.message ?? null,
    })),
    taskSets: (target.taskSetsInfo ?? []).map((set) => ({
      // The misspelling is AWS's.
      id: set.identifer ?? "",
      label: set.taskSetLabel ?? null,
      status: set.status ?? "",
      weight: set.trafficWeight ?? null,
      targetGroup: set.targetGroup?.name ?? "",
      desired: set.desiredCount ?? 0,
      running: set.runningCount ?? 0,
    })),
  };
}
