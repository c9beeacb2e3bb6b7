import type { ApprovalRule } from "../domain/application/approval-policy.ts";
import { subjectOf } from "../domain/deployment/approval.ts";
import type { Deployment } from "../domain/deployment/deployment.ts";
import { type DeploymentStart, newDeployment } from "../domain/deployment/new-deployment.ts";
import type { Observation } from "../domain/observation/observation.ts";
import {
  otherColor,
  type Revision,
  type Slot,
  type SlotColor,
  type Target,
  type TargetHealthState,
} from "../domain/observation/slot.ts";
import { liveSide, roleOf, type Weights } from "../domain/observation/traffic.ts";
import type { WayIn } from "../domain/observation/way-in.ts";
import type { RuleFacts } from "../domain/rules/rule-facts.ts";

/** Time at which the observations of tests are made. */
export const NOW = 1_800_000_000_000;

/** A revision told by one number. */
export function revision(number: number): Revision {
  const digest = `sha256:${String(number).padStart(64, "0")}`;
  return {
    taskDefinition: `arn:aws:ecs:x:1:task-definition/library:${number}`,
    image: `library:${number}@${digest}`,
    digest,
    tag: String(number),
  };
}

/** A target in a state, seen so for `consecutive` observations. */
export function target(id: string, state: TargetHealthState = "healthy", consecutive = 5, reason?: string): Target {
  return { id, port: 8081, state, ...(reason ? { reason } : {}), since: NOW - 60_000, history: [], consecutive };
}

/** One side, healthy with two tasks unless said otherwise. */
export function slot(color: SlotColor, changes: Partial<Slot> = {}): Slot {
  const prefix = color === "blue" ? 1 : 2;
  const targets = changes.targets ?? [target(`10.0.${prefix}.1`), target(`10.0.${prefix}.2`)];
  const healthy = targets.filter((each) => each.state === "healthy").length;
  return {
    color,
    role: "standby",
    revision: revision(prefix),
    counts: { desired: 2, running: 2, pending: 0, healthy, total: targets.length },
    tasks: [],
    targets,
    targetGroupArn: `arn:aws:elasticloadbalancing:x:1:targetgroup/library-${color}-tg/1`,
    targetGroupName: `library-${color}-tg`,
    targetsReadAt: NOW,
    service: `library-${color}-service`,
    events: [],
    rollout: null,
    stickinessSeconds: null,
    deregistrationDelaySeconds: 300,
    healthCheck: { path: "/actuator/health", intervalSeconds: 10 },
    ...changes,
  };
}

/** A look at AWS: blue live, both sides healthy, unless said otherwise. */
export function observation(
  changes: {
    weights?: Weights;
    blue?: Partial<Slot>;
    green?: Partial<Slot>;
    drift?: string;
    at?: number;
    ways?: WayIn[];
  } = {},
): Observation {
  const weights = changes.weights ?? { blue: 100, green: 0 };
  const at = changes.at ?? NOW;
  return {
    application: "library",
    observedAt: at,
    sources: [
      { name: "ecs", state: "ok", ageMs: 0 },
      { name: "elb", state: "ok", ageMs: 0 },
    ],
    traffic: {
      listenerOrRuleArn: "arn:aws:elasticloadbalancing:x:1:listener/app/library-alb/1/2",
      name: "library-alb HTTP:80",
      weights,
      live: liveSide(weights),
      readAt: at,
      groupStickinessSeconds: null,
      ...(changes.drift ? { drift: changes.drift } : {}),
    },
    slots: {
      blue: slot("blue", { role: roleOf("blue", weights, false), ...changes.blue }),
      green: slot("green", { role: roleOf("green", weights, false), ...changes.green }),
    },
    waysIn: { ways: changes.ways ?? [], readAt: at, problem: null },
  };
}

/** What rules look at: nothing in flight, no history, unless said otherwise. */
export function facts(look: Observation = observation(), changes: Partial<RuleFacts> = {}): RuleFacts {
  const application = { minimumHealthy: null, stableChecks: 3 };
  return { application, observation: look, deployment: null, history: [], now: NOW, ...changes };
}

/** A deployment as it begins: a release to the side that is not live, unless said otherwise. */
export function deployment(changes: Partial<DeploymentStart> = {}): Deployment {
  const look = changes.observation ?? observation();
  return newDeployment({
    id: "d-1",
    application: "library",
    kind: "RELEASE",
    to: otherColor(look.traffic.live === "green" ? "green" : "blue"),
    observation: look,
    requested: { image: "library:3@sha256:3" },
    actor: { id: "operator", name: "operator", via: "session" },
    reason: null,
    bakeMinutes: 10,
    now: NOW,
    ...changes,
  });
}

/** Two approvers have to say yes within the hour. */
export const APPROVAL_RULE: ApprovalRule = {
  approvers: 2,
  requesterMayApprove: false,
  from: { roles: ["approver"], addresses: [], claims: [] },
  timeLimitMinutes: 60,
  onTimeLimit: "ROLLBACK",
};

/** A switch to green that Otto asked for and that waits for approval. */
export function waitingForApproval(rule: Partial<ApprovalRule> = {}): Deployment {
  return deployment({
    kind: "SWITCH",
    to: "green",
    requested: null,
    actor: { id: "otto@x.y", name: "Otto", via: "session" },
    bakeMinutes: 0,
    approval: { ...APPROVAL_RULE, ...rule },
    subject: subjectOf(observation(), "green"),
  });
}
