import { randomUuid } from "../ecs/arns.ts";
import type { SandboxBase } from "../service.ts";

/** What ECS tells EventBridge of: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_cwe_events.html */
export interface EcsEvent {
  type: "ECS Task State Change" | "ECS Service Action" | "ECS Deployment State Change" | "ECS Hook State Change";
  resources: readonly string[];
  detail: Readonly<Record<string, unknown>>;
}

/**
 * What CodeDeploy tells it: https://docs.aws.amazon.com/codedeploy/latest/userguide/monitoring-cloudwatch-events.html. Assumption:
 * of services of ECS's it tells of deployments, and of no instances.
 */
export interface CodeDeployEvent {
  type: "CodeDeploy Deployment State-change Notification";
  resources: readonly string[];
  detail: Readonly<Record<string, unknown>>;
}

/** EventBridge as far as it goes here: every event, in its envelope, to one receiver. */
export function createEventBus(
  { clock, place }: SandboxBase,
  deliver: (event: string) => void,
): { ecs(event: EcsEvent): void; codeDeploy(event: CodeDeployEvent): void } {
  let told = 0;
  /** Numbers of its own, so that the ids of everything else stay what they are. */
  const random = () => (Math.imul(++told, 0x9e3779b1) >>> 0) / 2 ** 32;
  const from =
    (source: string) =>
    ({ type, resources, detail }: EcsEvent | CodeDeployEvent) => {
      const time = `${new Date(clock.now()).toISOString().slice(0, 19)}Z`;
      const envelope = { version: "0", id: randomUuid(random), "detail-type": type, source };
      deliver(JSON.stringify({ ...envelope, account: place.accountId, time, region: place.region, resources, detail }));
    };
  return { ecs: from("aws.ecs"), codeDeploy: from("aws.codedeploy") };
}
