/** Who is allowed what: a watcher looks, a deployer changes, a pipeline pushes images; `accounts` enters other accounts; `events` reads ECS's events. */
export type PolicyName = "watch" | "deploy" | "pipeline" | "accounts" | "events";

/** Where the policies are meant for; `*` stands for any. */
export interface PolicyPlace {
  /** "aws", "aws-cn", "aws-us-gov", "aws-eusc". */
  partition: string;
  account: string;
  region: string;
  /** Names of log groups, with `*` where many are meant. */
  logGroups: readonly string[];
  /** Names of the task and execution roles that new task definitions may name. */
  roles: readonly string[];
  /** Name of the repository that the pipeline pushes to. */
  repository: string;
}

/** Some actions on the same resources. */
export interface Permission {
  policy: PolicyName;
  sid: string;
  actions: readonly string[];
  /** ARNs of what the actions are on; without it AWS knows no single resource, or none that could be named beforehand. */
  on?: (place: PolicyPlace) => readonly string[];
  /** The operation that AWS asks these actions for as well; without it each action is its own operation's. */
  askedFor?: string;
  condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}
