import type { ControllerName } from "../application/controller-name.ts";

interface Words {
  from: string;
  gained: readonly string[];
  lost: readonly string[];
}

const BY_ECS = [
  "Lifecycle hooks and pauses at each stage; a pause waits for up to 14 days",
  "Circuit breaker and CloudWatch alarms turn a deployment round without Switchyard",
  "A rollback within the deployment is part of that deployment, until its bake has ended",
];
const BY_SWITCHYARD_LOST = [
  "A switch without a release: ECS moves traffic within its own deployments alone",
  "Another rollout for one release: the service's strategy says how traffic moves",
  "A later end of the window: a PAUSE hook at POST_PRODUCTION_TRAFFIC_SHIFT holds it open instead",
  "A rollback in one write once the deployment has ended: ECS deploys the earlier version anew, which takes minutes",
  "A rollback while Switchyard's database is away",
  "Switchyard's smoke check, which becomes a lifecycle hook",
];

/** What a move to ECS's own deployments changes, by what it is moved from. */
export const MOVING_WORDS: Readonly<Record<Exclude<ControllerName, "ecs-native">, Words>> = {
  "code-deploy": {
    from: "CodeDeploy",
    gained: [
      ...BY_ECS,
      "One API and one object: no AppSpec, no deployment group, no second deployment for a rollback",
      "A deployment can be replaced by the next one while it runs",
    ],
    lost: [
      "CodePipeline's action CodeDeployToECS: there is none for ECS's own deployments",
      "Hooks as they are: CodeDeploy waits for a callback, ECS takes the function's answer",
      "The termination wait: a PAUSE hook at POST_PRODUCTION_TRAFFIC_SHIFT takes its place",
      "An all-at-once rollback after the end: ECS deploys the earlier version by the service's strategy",
    ],
  },
  "task-set": {
    from: "task sets",
    gained: [...BY_ECS, "Service events, auto scaling and Service Connect, as for any service"],
    lost: BY_SWITCHYARD_LOST,
  },
  "paired-services": {
    from: "two services",
    gained: [
      ...BY_ECS,
      "One service to scale, to alarm on and to describe in Terraform",
      "No tasks between deployments beside those that serve",
    ],
    lost: [...BY_SWITCHYARD_LOST, "Two services that can differ, such as in size"],
  },
};
