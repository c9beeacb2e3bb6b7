import type { ApprovalPolicy } from "../application/approval-policy.ts";
import type { ControllerName } from "../application/controller-name.ts";

/** The names that an application is set up with: switchyard.yaml's, or those that are proposed before there is one. */
export interface Subject {
  application: string;
  /** Whether switchyard.yaml has it; false for the one that is proposed to an empty installation. */
  isConfigured: boolean;
  region: string;
  cluster: string;
  /** Null where switchyard.yaml names none. */
  repository: string | null;
  /** By name, or by ARN where switchyard.yaml gives that; none where ECS says which they are. */
  targetGroups: readonly string[];
  /** Null where switchyard.yaml names the listener by its ARN. */
  loadBalancer: string | null;
  listenerPort: number | null;
  /** Without repetition, blue's first. */
  services: readonly string[];
  logGroup: string | null;
  /** Where it is; left out where the application is. */
  logRegion?: string;
  family: string;
  container: string | null;
  /** The port of the container. */
  port: number;
  /** Where its pipeline is; null where switchyard.yaml does not say. */
  github: { repository: string; branch: string; workflow: string } | null;
  /** How it is deployed. */
  controller: ControllerName;
  /** Who has to approve what; left out where nobody has to. */
  approvals?: ApprovalPolicy;
  /** CodeDeploy's deployment group, where switchyard.yaml names it. */
  codeDeploy?: { application: string; group: string };
  /** What commands have to be told where something else than AWS answers; null with AWS. */
  standIn: StandIn | null;
}

/** What answers in AWS's place on this machine, and the switchyard.yaml of whoever asks it. */
export interface StandIn {
  endpoint: string;
  configPath: string;
}
