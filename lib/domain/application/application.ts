import type { LogSettings } from "../log/log-settings.ts";
import type { Rollout } from "../observation/rollout.ts";
import type { SlotColor } from "../observation/slot.ts";
import type { TestRequest } from "../observation/test-request.ts";
import type { ApprovalPolicy } from "./approval-policy.ts";
import type { Checks } from "./checks.ts";
import type { ControllerName } from "./controller-name.ts";
import type { MaintenanceWindow } from "./maintenance-window.ts";
import type { SmokeCheck } from "./smoke-check.ts";
import type { StageTimeouts } from "./stage-timeouts.ts";

/** Where an application's production traffic is decided. */
export interface ListenerRef {
  /** A listener's ARN (its default action decides) or a rule's. */
  arn: string;
  kind: "listener" | "rule";
  /** The default rule by its own ARN, where it was named by that: AWS has both names for one action. */
  defaultRuleArn?: string;
  /** "library-alb HTTP:80", with " rule 10" where a rule decides. */
  name: string;
  /** Where clients reach it, where configured or known. */
  url: string | null;
}

/** One side's fixed names. */
export interface SlotRef {
  targetGroupArn: string;
  targetGroupName: string;
  /** ECS service name: the side's own, or the one that both sides' task sets belong to; null where ECS knows no side. */
  service: string | null;
}

/** One application of switchyard.yaml with every name resolved to its ARN. */
export interface Application {
  name: string;
  region: string;
  accountId: string;
  /** Who looks after it; left out where switchyard.yaml does not say. */
  team?: string;
  /** Cluster name. */
  cluster: string;
  controller: ControllerName;
  listener: ListenerRef;
  /** Others whose weights move with it, each to the same integers; left out where there is none. */
  together?: readonly ListenerRef[];
  /** Where test traffic comes in: a listener, or a rule that only it matches. */
  testListener: ListenerRef | null;
  /** What a request needs to come to the test rule; left out where a listener of its own takes test traffic. */
  testRequest?: TestRequest;
  slots: Record<SlotColor, SlotRef>;
  /** CodeDeploy's application and deployment group; with the controller code-deploy only. */
  codeDeploy?: { application: string; group: string } | null;
  /** The container that gets a new image: configured, or the one behind the target groups; null where neither tells. */
  container: string | null;
  /** Further containers that get the same image, such as those that migrate or work in the background; none when left out. */
  containers?: readonly string[];
  /** ECR repository that image tags are chosen from; null where none is configured. */
  repository: string | null;
  /** Further repositories that its images may come from, as images name them; none when left out. */
  imageRepositories?: readonly string[];
  /** Task definition families it may run besides those that its sides run; none when left out. */
  taskDefinitionFamilies?: readonly string[];
  /** CloudWatch log group; null means the one that the task definition names. */
  logGroup: string | null;
  /** What else is known of its log; left out where nothing is configured. */
  logs?: LogSettings;
  /** Fewest healthy targets a side needs before it may get traffic; null means as many as live has. Never less than 1. */
  minimumHealthy: number | null;
  /** Of its target group's health check intervals, how many a side has to be healthy over before a switch (default 3). */
  stableChecks: number;
  /** Minutes a release bakes after its switch, 0-1440, during which rollback is part of it. */
  bakeMinutes: number;
  /** How a release moves production traffic unless its request says otherwise. */
  rollout: Rollout;
  /** Asked through the test listener once it leads to the new side; null asks nothing. */
  smoke: SmokeCheck | null;
  /** Longest times of single stages. */
  timeouts: StageTimeouts;
  /** Minutes for which the old side is kept warm after a switch or release has ended, 0-2880; 0 keeps no window. */
  windowMinutes: number;
  /** What happens to the old side then: nothing, or it is scaled down once that is safe. */
  afterWindow: "keep" | "scale-down";
  /** Whether auto scaling takes no tasks from the side without traffic until the window ends; left out where it may. */
  suspendScaleIn?: boolean;
  /** How a request line of the application's log is told (JavaScript regular expression; group `status` is the HTTP status), for verifications. Null: verifications rest on the read-back alone. */
  requestLine: string | null;
  /** Paths beside the target groups' own that monitors ask for: such requests prove nothing. Left out where none are configured. */
  healthCheckPaths?: readonly string[];
  /** Names of CloudWatch alarms that turn a release round when they go off during its shift or bake. */
  alarms: readonly string[];
  /** What is watched of the new side during its shift and bake. */
  checks: Checks;
  /** How often the load balancer's metrics are published: 60 s in AWS. */
  metricPeriodSeconds: number;
  /** Who must approve what before production traffic moves; left out where nobody has to. */
  approvals?: ApprovalPolicy;
  /** The quiet hours or freeze window that this time is in, null outside of all; left out where none are configured. */
  maintenanceWindow?: (now: number) => MaintenanceWindow | null;
}

/** Every listener and rule that a switch moves, the one that names the application's traffic first. */
export function productionRefs({ listener, together = [] }: Pick<Application, "listener" | "together">): ListenerRef[] {
  return [listener, ...together];
}
