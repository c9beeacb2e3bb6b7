import type {
  AutoRollbackConfiguration,
  DeploymentConfigInfo,
  DeploymentCreator,
  DeploymentGroupInfo,
  DeploymentInfo,
  DeploymentStatus,
  ErrorInformation,
  LifecycleEvent,
  RevisionLocation,
  RollbackInfo,
  Tag,
} from "@aws-sdk/client-codedeploy";
import type { CodeDeployEvent } from "../events/event-bus.ts";
import type { LambdaHooks } from "../lambda-hooks.ts";
import type { ScriptRun } from "../script.ts";
import { type AlarmStates, AwsError, type SandboxBase, type TaskSetDriver, type TrafficRules } from "../service.ts";
import type { AppSpec } from "./app-spec.ts";
import type { CodedeployTimings } from "./codedeploy-timings.ts";

/** What CodeDeploy needs of the other simulated services. */
export interface CodedeployPorts {
  ecs: TaskSetDriver;
  rules: TrafficRules;
  alarms: AlarmStates;
  lambda: LambdaHooks;
  /** The ARN of a target group by its name; null when there is none. */
  findTargetGroup(name: string): string | null;
  /** Gets what CodeDeploy tells EventBridge; nobody when left out. */
  tell?: (event: CodeDeployEvent) => void;
}

/** An application and its deployment groups, by name. */
export interface ApplicationRecord {
  readonly id: string;
  readonly name: string;
  readonly createdAt: number;
  readonly groups: Map<string, GroupRecord>;
  /** By the text of their content. */
  readonly revisions: Map<string, { location: RevisionLocation; registeredAt: number; description?: string }>;
}

/** A deployment group: as described, but for what follows from its deployments. */
export interface GroupRecord {
  readonly application: ApplicationRecord;
  settings: DeploymentGroupInfo & { deploymentGroupName: string; deploymentConfigName: string };
}

/** One of a deployment's two task sets. */
export interface Side {
  readonly taskSet: string;
  readonly label: "Blue" | "Green";
  readonly targetGroupArn: string;
  readonly targetGroupName: string;
  readonly taskDefinition: string;
}

/** A lifecycle event; its name never changes. */
export type EventRecord = LifecycleEvent & { lifecycleEventName: string };

/** A deployment and how far it is. */
export interface DeploymentRecord {
  readonly id: string;
  readonly order: number;
  readonly group: GroupRecord;
  readonly configName: string;
  readonly description?: string;
  readonly creator: DeploymentCreator;
  readonly revision: RevisionLocation;
  readonly previousRevision?: RevisionLocation;
  readonly spec: AppSpec;
  readonly autoRollback: AutoRollbackConfiguration;
  readonly alarmNames: readonly string[];
  readonly createdAt: number;
  startedAt?: number;
  completedAt?: number;
  updatedAt: number;
  status: DeploymentStatus;
  error?: ErrorInformation;
  rollbackInfo?: RollbackInfo;
  events: EventRecord[];
  blue: Side | null;
  green: Side | null;
  /** Percent that the green side was given. */
  greenPercent: number;
  /** What it waits for a person, or for its end. */
  waitsFor: "READY_WAIT" | "TERMINATION_WAIT" | null;
  isContinued: boolean;
  hasBegunTermination: boolean;
  /** Answers of functions that answer by a call, by execution id. */
  readonly hookAnswers: Map<string, "Succeeded" | "Failed">;
  run: ScriptRun | null;
}

const OVER: ReadonlySet<DeploymentInfo["status"]> = new Set(["Succeeded", "Failed", "Stopped"]);

/** Statuses as EventBridge hears of them. */
const TOLD_AS = {
  InProgress: "START",
  Ready: "READY",
  Succeeded: "SUCCESS",
  Failed: "FAILURE",
  Stopped: "STOP",
} as const;

/** Whether nothing happens to the deployment any more. */
export function isOver({ status }: DeploymentRecord): boolean {
  return OVER.has(status);
}

/** All that the simulated CodeDeploy knows, with the look-ups that refuse in AWS's words. */
export class CodedeployState {
  readonly base: SandboxBase;
  readonly ports: CodedeployPorts;
  readonly timings: CodedeployTimings;
  readonly applications = new Map<string, ApplicationRecord>();
  /** Made by clients; AWS's own are not among them. */
  readonly configs = new Map<string, DeploymentConfigInfo>();
  readonly deployments = new Map<string, DeploymentRecord>();
  /** Of applications and groups, by ARN. */
  readonly tags = new Map<string, readonly Tag[]>();
  #order = 0;

  constructor(base: SandboxBase, ports: CodedeployPorts, timings: CodedeployTimings) {
    this.base = base;
    this.ports = ports;
    this.timings = timings;
  }

  nextOrder(): number {
    this.#order += 1;
    return this.#order;
  }

  newUuid(): string {
    let hex = "";
    while (hex.length < 32) hex += Math.floor(this.base.random() * 16).toString(16);
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  }

  getApplication(name: string | undefined): ApplicationRecord {
    if (!name) throw new AwsError("ApplicationNameRequiredException", "Application name is required");
    const found = this.applications.get(name);
    if (!found) throw new AwsError("ApplicationDoesNotExistException", `No application found for name: ${name}`);
    return found;
  }

  getGroup(applicationName: string | undefined, name: string | undefined): GroupRecord {
    const application = this.getApplication(applicationName);
    if (!name) throw new AwsError("DeploymentGroupNameRequiredException", "Deployment Group name is required");
    const found = application.groups.get(name);
    if (!found)
      throw new AwsError("DeploymentGroupDoesNotExistException", `No Deployment Group found for name: ${name}`);
    return found;
  }

  getDeployment(id: string | undefined): DeploymentRecord {
    if (!id) throw new AwsError("DeploymentIdRequiredException", "Deployment ID is required");
    if (!/^d-[A-Z0-9]{9}$/.test(id))
      throw new AwsError("InvalidDeploymentIdException", `Specified DeploymentId is not in the valid format: ${id}`);
    const found = this.deployments.get(id);
    if (!found) throw new AwsError("DeploymentDoesNotExistException", `The deployment ${id} could not be found`);
    return found;
  }

  /** Gives a deployment its next status, which EventBridge hears of. */
  setStatus(deployment: DeploymentRecord, status: keyof typeof TOLD_AS): void {
    deployment.status = status;
    const { accountId, region } = this.base.place;
    const [application, group] = [deployment.group.application.name, deployment.group.settings.deploymentGroupName];
    const arn = `arn:aws:codedeploy:${region}:${accountId}`;
    this.ports.tell?.({
      type: "CodeDeploy Deployment State-change Notification",
      resources: [`${arn}:application:${application}`, `${arn}:deploymentgroup:${application}/${group}`],
      detail: {
        ...{ instanceGroupId: deployment.group.application.id, region, application },
        ...{ deploymentId: deployment.id, state: TOLD_AS[status], deploymentGroup: group },
      },
    });
  }

  /** The deployment of the group that is still on its way, or null: AWS allows one. */
  findActive(group: GroupRecord): DeploymentRecord | null {
    for (const one of this.deployments.values()) if (one.group === group && !isOver(one)) return one;
    return null;
  }

  /** The group's newest deployment of which it holds. */
  findNewest(group: GroupRecord, holds: (one: DeploymentRecord) => boolean): DeploymentRecord | null {
    return [...this.deployments.values()].findLast((one) => one.group === group && holds(one)) ?? null;
  }
}
