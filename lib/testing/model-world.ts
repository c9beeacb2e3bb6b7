import type { Action, RuleCondition } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Aws } from "../aws/aws.ts";
import { loadBalancerArnOf, toActionList, toListenerReading, toRuleReading } from "../aws/elb-readings.ts";
import { AwsFailure } from "../aws/errors.ts";
import { withWeights } from "../aws/forward-action.ts";
import type { Controller } from "../controllers/controller.ts";
import { shiftWeights } from "../controllers/shift-weights.ts";
import type { Application, ListenerRef } from "../domain/application/application.ts";
import type { Observation } from "../domain/observation/observation.ts";
import { type Revision, SLOT_COLORS, type SlotColor } from "../domain/observation/slot.ts";
import { assembleObservation } from "../gather/assemble-observation.ts";
import { createFacts, serviceKey } from "../gather/facts.ts";
import { gatherElb, gatherElbSettings } from "../gather/gather-elb.ts";
import { gatherWaysIn } from "../gather/gather-ways.ts";
import { readWaysInFresh, readWeightsFresh } from "../gather/read-fresh.ts";
import { externalIdOf } from "../gather/task-set-sides.ts";
import { NOW } from "./facts.ts";
import { reachedBy } from "./probe-requests.ts";

/** One listener of a model, in AWS's shapes; its ARN names its load balancer. */
export interface ModelListener {
  arn: string;
  port: number;
  actions: Action[];
  rules: ModelRule[];
}

/** One rule of a model. */
interface ModelRule {
  arn: string;
  priority: number;
  conditions: RuleCondition[];
  actions: Action[];
}

/** What one side of a model runs. */
interface ModelSide {
  revision: number;
  desired: number;
  healthy: number;
}

/** A way that requests take: who answers them, by weight. */
export interface Route {
  arn: string;
  /** Whether every group with weight has a healthy target: nobody is answered 503. */
  isServed: boolean;
  /** Revisions of either side that answer some of them. */
  revisions: number[];
  /** For how long clients stay with the group that answered them first; null where they do not. */
  stickySeconds: number | null;
}

/** By the ARN of a target group beyond the sides' own: the sides whose tasks are registered in it, too. */
export type FurtherGroups = Readonly<Record<string, readonly SlotColor[]>>;

/**
 * AWS as far as traffic goes, in memory: listeners and rules of any number of load balancers, and two sides. The product's own code
 * reads it, judges it and writes to it; no process, socket or timer is behind it.
 */
export interface ModelWorld {
  application: Application;
  listeners: ModelListener[];
  sides: Record<SlotColor, ModelSide>;
  /** Whether AWS refuses to tell rules. */
  isUnreadable: boolean;
  controller: Controller;
  routes(): Route[];
  /** A look as the observer takes it, with every way in as AWS tells it now. Time goes on by half a minute. */
  look(): Promise<Observation>;
  now(): number;
  revisionOf(side: ModelSide): Revision;
}

const LOOKS = 4;

/** Builds a world around listeners and sides. */
export function createModelWorld(
  application: Application,
  listeners: ModelListener[],
  sides: Record<SlotColor, ModelSide>,
  further: FurtherGroups = {},
): ModelWorld {
  let clock = NOW;
  const now = () => clock;
  // Safe because what reads and writes it asks for nothing but what is here.
  const aws = { elb: modelElb() } as unknown as Aws;
  const facts = createFacts(aws);
  const groupOf = (color: SlotColor) => application.slots[color].targetGroupArn;
  const groupsOf = (color: SlotColor) => [
    groupOf(color),
    ...Object.keys(further).filter((arn) => further[arn]?.includes(color)),
  ];

  const world: ModelWorld = {
    application,
    listeners,
    sides,
    isUnreadable: false,
    controller: modelController(),
    routes: () =>
      world.listeners.flatMap((listener) => {
        const reached = reachedBy(listener);
        return [listener, ...listener.rules]
          .filter(({ arn }) => reached.has(arn))
          .filter(({ arn }) => arn !== application.testListener?.arn)
          .map(({ arn, actions }) => routeOf(arn, actions));
      }),
    async look() {
      let seen: Observation | null = null;
      for (let looks = 0; looks < LOOKS; looks += 1) {
        clock += 8_000;
        recordEcs();
        const how = { priority: "engine", now } as const;
        await gatherElb(aws, [application], facts, how);
        await gatherElbSettings(aws, [application], facts, how);
        await gatherWaysIn(aws, [application], facts, how, clock);
        seen = assembleObservation(application, facts, clock, Number.POSITIVE_INFINITY);
      }
      if (!seen) throw new Error("Nothing was looked at");
      return seen;
    },
    now,
    revisionOf,
  };
  return world;

  function routeOf(arn: string, actions: readonly Action[]): Route {
    const { groups } = toActionList([...actions]).forward;
    const weighted = groups
      .filter(({ weight }) => weight > 0)
      .map(({ targetGroupArn }) => SLOT_COLORS.filter((color) => groupsOf(color).includes(targetGroupArn)));
    const isHealthy = (color: SlotColor) => world.sides[color].healthy > 0;
    const sticky = actions.at(-1)?.ForwardConfig?.TargetGroupStickinessConfig;
    return {
      arn,
      // A strange group is always healthy.
      isServed: weighted.length > 0 && weighted.every((colors) => colors.length === 0 || colors.some(isHealthy)),
      revisions: [...new Set(weighted.flat())]
        .filter((color) => world.sides[color].desired > 0)
        .map((color) => world.sides[color].revision),
      stickySeconds: sticky?.Enabled ? (sticky.DurationSeconds ?? 0) : null,
    };
  }

  function actionsAt(arn: string): { actions: Action[] } | null {
    return (
      world.listeners.find((listener) => listener.arn === arn) ??
      world.listeners.flatMap(({ rules }) => rules).find((rule) => rule.arn === arn) ??
      null
    );
  }

  function modelElb(): Partial<Aws["elb"]> {
    const color = (arn: string) => SLOT_COLORS.find((each) => groupOf(each) === arn) ?? "blue";
    return {
      async describeForwards(refs) {
        return new Map(refs.map(({ arn }) => [arn, toActionList(actionsAt(arn)?.actions)]));
      },
      async describeTargetHealth(arn) {
        const { desired, healthy } = world.sides[color(arn)];
        return Array.from({ length: desired }, (_, index) => ({
          id: `10.0.${color(arn) === "blue" ? 1 : 2}.${index}`,
          port: 8081,
          state: index < healthy ? ("healthy" as const) : ("unhealthy" as const),
        }));
      },
      describeGroupAttributes: async () => ({ stickinessSeconds: null, deregistrationDelaySeconds: 0 }),
      async describeGroups(arns) {
        const usedBy = (arn: string) =>
          world.listeners
            .filter(({ actions, rules }) =>
              [actions, ...rules.map((rule) => rule.actions)].some((each) => names(each, arn)),
            )
            .map((listener) => loadBalancerArnOf(listener.arn));
        const group = { healthCheck: { path: "/health", intervalSeconds: 5 }, targetType: "ip" };
        return new Map(arns.map((arn) => [arn, { ...group, loadBalancerArns: [...new Set(usedBy(arn))] }]));
      },
      async listListeners(balancer) {
        return world.listeners
          .filter(({ arn }) => loadBalancerArnOf(arn) === balancer)
          .map(({ arn, port, actions }) =>
            toListenerReading({ ListenerArn: arn, Port: port, Protocol: "HTTP", DefaultActions: actions }),
          );
      },
      async describeRules(listenerArn) {
        if (world.isUnreadable) throw denied();
        const found = world.listeners.find(({ arn }) => arn === listenerArn);
        return (found?.rules ?? []).map(({ arn, priority, conditions, actions }) =>
          toRuleReading({ RuleArn: arn, Priority: String(priority), Conditions: conditions, Actions: actions }),
        );
      },
      async writeWeights({ arn }, list, weights) {
        const holder = actionsAt(arn);
        const actions = withWeights(list.actions, weights);
        if (!holder || !actions) throw denied();
        const holds = loadBalancerArnOf(arn);
        // A target group belongs to one load balancer at most.
        const isElsewhere = weights.some(({ targetGroupArn }) =>
          world.listeners.some(
            (listener) =>
              loadBalancerArnOf(listener.arn) !== holds &&
              [listener.actions, ...listener.rules.map((rule) => rule.actions)].some((each) =>
                names(each, targetGroupArn),
              ),
          ),
        );
        if (isElsewhere) throw denied();
        holder.actions = actions;
        return { requestId: "request" };
      },
    };
  }

  function modelController(): Controller {
    const written = { requestId: "request", value: null };
    const unused = () => Promise.reject(new Error("This is no part of the model"));
    return {
      name: application.controller,
      driver: "switchyard",
      observe: () => world.look(),
      planRevision: unused,
      registerRevision: unused,
      manualCommands: unused,
      shiftTest: unused,
      addGroup: unused,
      async startSide(_application, slot, revision, desired) {
        world.sides[slot] = { revision: Number(revision.tag), desired, healthy: desired };
        return written;
      },
      async scaleSide(_application, slot, desired) {
        const side = world.sides[slot];
        world.sides[slot] = { ...side, desired, healthy: Math.min(side.healthy, desired) };
        return written;
      },
      readWeights: () => readWeightsFresh(aws, application, now),
      readWaysIn: () => readWaysInFresh(aws, application, now),
      shift: (_application, expected, weights) => shiftWeights(aws, application, expected, weights, now),
    };
  }

  function revisionOf({ revision }: ModelSide): Revision {
    const digest = `sha256:${String(revision).padStart(64, "0")}`;
    const image = `library:${revision}@${digest}`;
    return {
      taskDefinition: `arn:aws:ecs:x:1:task-definition/library:${revision}`,
      image,
      digest,
      tag: String(revision),
    };
  }

  /** Services, task sets and definitions as ECS would tell them. */
  function recordEcs(): void {
    const { cluster, slots, controller } = application;
    for (const color of SLOT_COLORS) {
      const side = world.sides[color];
      const { taskDefinition, image } = revisionOf(side);
      const container = {
        name: "library",
        image,
        essential: true,
        cpu: null,
        memory: null,
        ports: [],
        environment: [],
      };
      facts.definitions.record(
        taskDefinition,
        // Safe because nothing but the image is looked at here.
        {
          arn: taskDefinition,
          family: "library",
          cpu: null,
          memory: null,
          containers: [container],
          fields: [],
        } as never,
        clock,
      );
      const key = serviceKey(cluster, slots[color].service ?? "");
      const counts = { desired: side.desired, running: side.desired, pending: 0 };
      const set = {
        ...{ id: `ecs-svc/${color}`, status: color === "blue" ? "PRIMARY" : "ACTIVE", externalId: externalIdOf(color) },
        ...{ taskDefinition, scale: 100, isSteady: true, createdAt: 1, targetGroupArns: groupsOf(color), ...counts },
      };
      const others = controller === "task-set" ? (facts.services.find(key)?.value?.taskSets ?? []) : [];
      const taskSets = [...others.filter(({ id }) => id !== set.id), set];
      const service = { name: key, arn: key, status: "ACTIVE", taskDefinition, ...counts, deployments: [], events: [] };
      const reading = { ...service, targetGroupArns: groupsOf(color), deploymentController: "ECS", taskSets } as never;
      facts.services.record(key, reading, clock);
      facts.registrations.set(key, reading);
      facts.tasks.record(key, [], clock);
    }
  }
}

/** Whether some actions forward to the group, whatever its weight. */
function names(actions: readonly Action[], targetGroupArn: string): boolean {
  return toActionList(actions).forward.groups.some((group) => group.targetGroupArn === targetGroupArn);
}

function denied(): AwsFailure {
  return new AwsFailure({
    ...{ code: "AccessDenied", message: "not authorized", kind: "denied", retryable: false, requestId: null },
    ...{ service: "elasticloadbalancing", operation: "DescribeRules", isOutcomeUnknown: false },
  });
}

/** A listener or rule as an application names it. */
export function modelRef(arn: string, name: string): ListenerRef {
  return { arn, kind: arn.includes(":listener-rule/") ? "rule" : "listener", name, url: null };
}
