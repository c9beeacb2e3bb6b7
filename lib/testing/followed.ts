import { decide } from "../domain/decide/decide.ts";
import type { Decision, World } from "../domain/decide/decision.ts";
import type { Deployment } from "../domain/deployment/deployment.ts";
import { type DeploymentStart, newDeployment } from "../domain/deployment/new-deployment.ts";
import type { AwsDeployment, AwsGate } from "../domain/observation/aws-deployment.ts";
import type { Observation } from "../domain/observation/observation.ts";
import { NOW, observation } from "./facts.ts";

/** The id of the deployment that AWS drives in tests. */
export const ID = "arn:aws:ecs:ap-northeast-2:123456789012:service-deployment/main/orders/abc";
/** What it deploys. */
export const REVISION = {
  taskDefinition: "arn:aws:ecs:ap-northeast-2:123456789012:task-definition/orders:2",
  image: "orders:2",
  digest: null,
  tag: "2",
};
/** The application's settings that decisions rest on. */
const SETTINGS = { minimumHealthy: null, stableChecks: 1, bakeMinutes: 1, requestLine: null };

/** A gate for people that is over in a minute. */
export const gate = (id: string, state: AwsGate["state"] = "AWAITING_ACTION"): AwsGate => ({
  id,
  state,
  isForPeople: true,
  expiresAt: NOW + 60_000,
  onExpiry: "ROLLBACK",
});

/** AWS's deployment to green, scaling up unless said otherwise. */
export function aws(changes: Partial<AwsDeployment> = {}): AwsDeployment {
  return {
    id: ID,
    status: "IN_PROGRESS",
    stage: "SCALE_UP",
    reason: null,
    to: "green",
    revision: REVISION,
    requested: { production: 0, test: 0 },
    gates: [],
    createdAt: NOW,
    startedAt: NOW,
    finishedAt: null,
    bakeMinutes: 1,
    startedBy: null,
    rolledBackBy: null,
    ...changes,
  };
}

/** A look at AWS with these deployments, newest first. */
export const look = (awsDeployments: AwsDeployment[], changes: Partial<Observation> = {}): Observation => ({
  ...observation(),
  ...changes,
  awsDeployments,
});

/** Our record of it, begun and known by its id unless said otherwise. */
export function started(changes: Partial<Deployment["aws"]> = {}, start: Partial<DeploymentStart> = {}): Deployment {
  const deployment = newDeployment({
    id: "d-1",
    application: "orders",
    kind: "RELEASE",
    to: "green",
    observation: observation(),
    requested: { taskDefinition: REVISION.taskDefinition },
    revision: REVISION,
    actor: { id: "kim", name: "kim", via: "session" },
    reason: null,
    bakeMinutes: 1,
    isDriven: true,
    now: NOW,
    ...start,
  });
  const followed = { id: ID, sentAt: NOW, gate: null, answer: null, answered: [], ...changes };
  return { ...deployment, aws: followed };
}

/** Decides until something is asked of AWS or waited for. @throws where it turns in circles */
export function settle(
  deployment: Deployment,
  seen: Observation,
  now = NOW,
  world: Partial<World> = {},
): { deployment: Deployment; decision: Decision } {
  let current = deployment;
  for (let turn = 0; turn < 20; turn += 1) {
    const decision = decide(current, { observation: seen, settings: SETTINGS, now, ...world });
    if (decision.kind !== "change") return { deployment: current, decision };
    current = decision.deployment;
  }
  throw new Error("It turns in circles");
}
