import { randomUuid } from "../ecs/arns.ts";
import type { SandboxBase } from "../service.ts";

/** What ECS tells EventBridge of: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_cwe_events.html */
export interface EcsEvent {
  type: "ECS Task State Change" | "ECS Service Action" | "ECS Deployment State Change" | "ECS Hook State Change";
  resources: readonly string[];
  detail: Readonly<Record<string, unknown>>;
}

/** EventBridge as far as it goes here: every event of ECS's, in its envelope, to one receiver. */
export function createEcsEvents(
  { clock, place }: SandboxBase,
  deliver: (event: string) => void,
): (event: EcsEvent) => void {
  let told = 0;
  /** Numbers of its own, so that the ids of everything else stay what they are. */
  const random = () => (Math.imul(++told, 0x9e3779b1) >>> 0) / 2 ** 32;
  return ({ type, resources, detail }) => {
    const time = `${new Date(clock.now()).toISOString().slice(0, 19)}Z`;
    const envelope = { version: "0", id: randomUuid(random), "detail-type": type, source: "aws.ecs" };
    deliver(JSON.stringify({ ...envelope, account: place.accountId, time, region: place.region, resources, detail }));
  };
}
