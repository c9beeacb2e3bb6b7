import type { Aws } from "../aws/aws.ts";
import type { Priority } from "../aws/budget.ts";
import type {
  CodeDeployReading,
  CodeDeployTarget,
  GroupReading as DeploymentGroupReading,
} from "../aws/code-deploy-readings.ts";
import type {
  ActionList,
  GroupAttributes,
  GroupReading,
  ListenerReading,
  RuleReading,
  TargetReading,
} from "../aws/elb-readings.ts";
import { type AwsFailure, asAwsFailure } from "../aws/errors.ts";
import type { ServiceDeploymentReading, ServiceRevisionReading } from "../aws/service-deployments.ts";
import type { ServiceReading } from "../aws/service-reading.ts";
import type { RanRevision, RevisionState } from "../domain/observation/revision-state.ts";
import type { SideMetrics, WatchedAlarm } from "../domain/observation/side-metrics.ts";
import type { SideScaling } from "../domain/observation/side-scaling.ts";
import type { SlotColor, Task } from "../domain/observation/slot.ts";
import type { TargetMemory } from "../domain/observation/target-memory.ts";
import type { TaskDefinitionSummary } from "../domain/observation/task-definition.ts";

/** With what target groups a service, each of its task sets or each of its revisions registers its tasks. */
export type Registrations = Pick<
  ServiceReading,
  "targetGroupArns" | "taskSets" | "pair" | "furtherPairs" | "serviceRevisions"
>;

/** The newest answer to one question, and how asking last went. A failure keeps the value it could not replace. */
export interface Fact<T> {
  /** Null until the first answer. */
  value: T | null;
  /** Epoch ms at which the answered question was sent; 0 until the first answer. */
  readAt: number;
  /** Epoch ms at which the answer was there, where it was waited for. */
  answeredAt?: number;
  /** Null while the newest try succeeded. */
  failure: AwsFailure | null;
  /** Epoch ms at which the newest try was sent. */
  triedAt: number;
}

/** Facts of one sort by key. An answer to an earlier question never replaces that to a later one. */
class FactTable<T> {
  private readonly facts = new Map<string, Fact<T>>();
  /** How many questions about a key are under way, or wait for the budget. */
  private readonly asked = new Map<string, number>();

  find(key: string): Fact<T> | null {
    return this.facts.get(key) ?? null;
  }

  record(key: string, value: T, sentAt: number, answeredAt = sentAt): void {
    const known = this.facts.get(key);
    if (known && known.triedAt > sentAt) return;
    this.facts.set(key, { value, readAt: sentAt, answeredAt, failure: null, triedAt: sentAt });
  }

  fail(key: string, failure: AwsFailure, sentAt: number): void {
    const known = this.facts.get(key);
    if (known && known.triedAt > sentAt) return;
    this.facts.set(key, { value: null, readAt: 0, ...known, failure, triedAt: sentAt });
  }

  /** Asks and records what came of it. Never rejects for a failure of AWS's. */
  async ask(key: string, sentAt: number, question: () => Promise<T>, now?: () => number): Promise<void> {
    this.asked.set(key, (this.asked.get(key) ?? 0) + 1);
    try {
      const value = await question();
      this.record(key, value, sentAt, now?.());
    } catch (error) {
      this.fail(key, asAwsFailure(error), sentAt);
    } finally {
      const others = (this.asked.get(key) ?? 1) - 1;
      if (others > 0) this.asked.set(key, others);
      else this.asked.delete(key);
    }
  }

  /** Whether its answer is under way: what may wait is not asked twice. */
  isAsked(key: string): boolean {
    return this.asked.has(key);
  }

  /** Whether nothing has been tried since `since`. */
  isOlderThan(key: string, since: number): boolean {
    return (this.facts.get(key)?.triedAt ?? 0) < since;
  }
}

/** What changes slowly or never, and what is remembered of targets: shared by everything that looks through one Aws. */
interface SharedFacts {
  /** By listener or rule ARN. What a write read back is in here, too. */
  forwards: FactTable<ActionList>;
  /** To be called with the ARN of what was read beside the looks. */
  told: Set<(arn: string) => void>;
  definitions: FactTable<TaskDefinitionSummary>;
  /** By container instance ARN: EC2's id, which never changes; null where AWS no longer knows the instance. */
  instances: FactTable<{ id: string | null }>;
  attributes: FactTable<GroupAttributes>;
  /** By target group ARN. */
  groups: FactTable<GroupReading>;
  /** By load balancer ARN. */
  listeners: FactTable<ListenerReading[]>;
  /** By listener ARN. */
  rules: FactTable<RuleReading[]>;
  /** By application name. */
  metrics: FactTable<Record<SlotColor, SideMetrics>>;
  /** By application name, where alarms are configured. */
  alarms: FactTable<WatchedAlarm[]>;
  /** By `serviceKey`: what scales the service; null where nothing does. */
  scalings: FactTable<{ scaling: Omit<SideScaling, "count"> | null }>;
  /** By task definition ARN. */
  revisions: FactTable<RevisionState>;
  /** By application name: what a rollback would bring back. */
  wayBack: Map<string, RanRevision>;
  memory: TargetMemory;
  /** By `serviceKey`, as last read: what a service registers its tasks with, by which other ways in may lead to them. */
  registrations: Map<string, Registrations>;
  /** By the id that tasks name as `startedBy` (a task set's, or "ecs-svc/<revision>"): the sides it belonged to, for its stopped tasks once it is gone. */
  taskSetSides: Map<string, SlotColor[]>;
  /** By `serviceKey`: ARNs of ECS's newest deployments, newest first; for services that ECS deploys itself. */
  deploymentLists: FactTable<string[]>;
  /** By ARN. */
  serviceDeployments: FactTable<ServiceDeploymentReading>;
  /** By ARN. */
  serviceRevisions: FactTable<ServiceRevisionReading>;
  /** For services that CodeDeploy deploys. */
  codeDeploy: CodeDeployFacts;
}

/** What is known of CodeDeploy's deployments. */
export interface CodeDeployFacts {
  /** Ids of a group's newest deployments, by "application/group". */
  lists: FactTable<string[]>;
  /** By deployment id. */
  readings: FactTable<CodeDeployReading>;
  /** By deployment id; without those that have no target yet. */
  targets: FactTable<CodeDeployTarget>;
  /** Task definition ARN by deployment id. */
  revisions: Map<string, string>;
  /** Its deployment group, by "application/group". */
  deploymentGroups: FactTable<DeploymentGroupReading>;
  /** The service's task sets when the list was last read, by "application/group". */
  taskSets: Map<string, string>;
}

/** Everything that observations are made from. */
export interface Facts extends SharedFacts {
  /** By `serviceKey`. */
  services: FactTable<ServiceReading>;
  /** By `serviceKey`: every task seen within the last hour. */
  tasks: FactTable<Task[]>;
  /** By target group ARN. */
  targets: FactTable<TargetReading[]>;
  /** By cluster: pages that a list of all its tasks fills at least, as far as is known. */
  taskPages: Map<string, number>;
}

const shared = new WeakMap<Aws, SharedFacts>();

/** What is remembered of targets by everything that looks through one Aws. */
export function targetMemoryOf(aws: Aws): TargetMemory {
  return sharedFacts(aws).memory;
}

/** From now on whatever looks through `aws` remembers targets where `from` does; before anything has looked through it. */
export function shareTargetMemory(from: Aws, aws: Aws): void {
  sharedFacts(aws).memory = targetMemoryOf(from);
}

/** What a write was compared with or read back: as good as a look, and told to whoever looks through this Aws. */
export function tellForward(aws: Aws, arn: string, list: ActionList, sentAt: number): void {
  const { forwards, told } = sharedFacts(aws);
  forwards.record(arn, list, sentAt);
  for (const listener of told) listener(arn);
}

/** Calls the listener for each listener or rule that a write has read; answers how to end it. */
export function onForwardTold(aws: Aws, listener: (arn: string) => void): () => void {
  const { told } = sharedFacts(aws);
  told.add(listener);
  return () => void told.delete(listener);
}

/** What is known of CodeDeploy's deployments by everything that looks through one Aws. */
export function sharedCodeDeploy(aws: Aws): CodeDeployFacts {
  return sharedFacts(aws).codeDeploy;
}

/** Empty tables for what changes quickly, the shared ones for the rest. */
export function createFacts(aws: Aws): Facts {
  return {
    ...sharedFacts(aws),
    services: new FactTable(),
    tasks: new FactTable(),
    targets: new FactTable(),
    taskPages: new Map(),
  };
}

function sharedFacts(aws: Aws): SharedFacts {
  let slow = shared.get(aws);
  if (!slow) {
    slow = {
      forwards: new FactTable(),
      told: new Set(),
      definitions: new FactTable(),
      instances: new FactTable(),
      attributes: new FactTable(),
      groups: new FactTable(),
      listeners: new FactTable(),
      rules: new FactTable(),
      metrics: new FactTable(),
      alarms: new FactTable(),
      scalings: new FactTable(),
      revisions: new FactTable(),
      wayBack: new Map(),
      memory: new Map(),
      registrations: new Map(),
      taskSetSides: new Map(),
      deploymentLists: new FactTable(),
      serviceDeployments: new FactTable(),
      serviceRevisions: new FactTable(),
      codeDeploy: {
        lists: new FactTable(),
        readings: new FactTable(),
        targets: new FactTable(),
        revisions: new Map(),
        deploymentGroups: new FactTable(),
        taskSets: new Map(),
      },
    };
    shared.set(aws, slow);
  }
  return slow;
}

/** On whose behalf facts are gathered, and the clock that says when a question is sent. */
export interface GatherOptions {
  priority: Priority;
  now: () => number;
}

/** Services are told apart by cluster and name. */
export function serviceKey(cluster: string, service: string): string {
  return `${cluster}/${service}`;
}
