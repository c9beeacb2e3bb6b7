import type { EcsEvent } from "../events/event-bus.ts";
import type { LambdaHooks } from "../lambda-hooks.ts";
import type { AlarmStates, ImageRegistry, LogSink, TargetRegistry, TrafficRules } from "../service.ts";

/** What ECS needs of the other simulated services. */
export interface EcsPorts {
  targets: TargetRegistry;
  rules: TrafficRules;
  alarms: AlarmStates;
  lambda: LambdaHooks;
  logs: LogSink;
  images: ImageRegistry;
  /** Whether a role that ECS acts with may do so; everything where it is left out. */
  mayRole?: (roleArn: string, action: string, resource: string) => boolean;
  /** Whether the account has the role, or the parameter of this name or path; everything where they are left out. */
  hasRole?: (roleArn: string) => boolean;
  hasParameter?: (name: string) => boolean;
  /** Why tasks cannot read a secret of Secrets Manager by what their definition says of it; null where they can. */
  findSecretProblem?: (valueFrom: string) => string | null;
  /** Whether the account has the subnet, or the security group; every one where they are left out. */
  hasSubnet?: (id: string) => boolean;
  hasSecurityGroup?: (id: string) => boolean;
  /** Tells EventBridge; nobody where it is left out. */
  tell?: (event: EcsEvent) => void;
}
