import type { Action, RuleCondition } from "@aws-sdk/client-elastic-load-balancing-v2";
import fc from "fast-check";
import { expect, test } from "vitest";
import { applicationSchema } from "../config/application-config.ts";
import type { Application } from "../domain/application/application.ts";
import type { Deployment } from "../domain/deployment/deployment.ts";
import { newDeployment } from "../domain/deployment/new-deployment.ts";
import type { Observation } from "../domain/observation/observation.ts";
import { otherColor, type SlotColor } from "../domain/observation/slot.ts";
import { weightsFor } from "../domain/observation/traffic.ts";
import { findDeployBlockers, findRetireBlockers } from "../domain/rules/action-rules.ts";
import { findRollbackBlockers, findRollbackTarget, idleSide, isInstant } from "../domain/rules/rollback-rules.ts";
import type { RuleFacts } from "../domain/rules/rule-facts.ts";
import { findScaleDownBlockers } from "../domain/rules/scale-down-rules.ts";
import { findSwitchBlockers } from "../domain/rules/switch-rules.ts";
import type { Blocker } from "../domain/verb/blocker.ts";
import { LIBRARY_SETTINGS } from "../testing/library-settings.ts";
import {
  createModelWorld,
  type FurtherGroups,
  type ModelListener,
  type ModelWorld,
  modelRef,
  type Route,
} from "../testing/model-world.ts";
import { reachedBy } from "../testing/probe-requests.ts";
import { retire } from "./retire.ts";
import { runStep } from "./run-step.ts";

/*
 * Whatever the product offers is pressed, in any order, in generated worlds: load balancers, listeners, rules with every kind of
 * condition, sides in every state, and somebody else's hands before and between. WORLDS and WORLD_SEED say how many and which.
 */

const WORLDS = Number(process.env.WORLDS ?? 25);
const SEED = Number(process.env.WORLD_SEED ?? 20_261_129);
const KEPT_SEEDS: readonly number[] = [];

const ARN = "arn:aws:elasticloadbalancing:x:1";
const GROUPS = {
  blue: `${ARN}:targetgroup/blue/1`,
  green: `${ARN}:targetgroup/green/2`,
  other: `${ARN}:targetgroup/other/3`,
};
/** Groups that services register their tasks with besides: one for both sides, or one for each. */
const FURTHER: Readonly<Record<"none" | "shared" | "each", FurtherGroups>> = {
  none: {},
  shared: { [`${ARN}:targetgroup/shared/4`]: ["blue", "green"] },
  each: { [`${ARN}:targetgroup/more-blue/5`]: ["blue"], [`${ARN}:targetgroup/more-green/6`]: ["green"] },
};
const STICKY_SECONDS = 60;
const MAIN = `${ARN}:listener/app/main/1`;

const condition = fc.constantFrom<RuleCondition[]>(
  [{ Field: "path-pattern", PathPatternConfig: { Values: ["/api/*"] } }],
  [{ Field: "path-pattern", PathPatternConfig: { Values: ["/api/v2/*"] } }],
  [{ Field: "path-pattern", PathPatternConfig: { Values: ["/api/v2/*", "/"] } }],
  [{ Field: "host-header", HostHeaderConfig: { Values: ["partner.example.com"] } }],
  [{ Field: "host-header", HostHeaderConfig: { Values: ["*.example.com"] } }],
  [{ Field: "http-header", HttpHeaderConfig: { HttpHeaderName: "X-Preview", Values: ["green"] } }],
  [{ Field: "query-string", QueryStringConfig: { Values: [{ Key: "v", Value: "2" }] } }],
  [{ Field: "http-request-method", HttpRequestMethodConfig: { Values: ["POST"] } }],
  [{ Field: "source-ip", SourceIpConfig: { Values: ["10.0.0.0/8"] } }],
);
/** One condition, or two of different kinds. */
const conditions = fc.oneof(
  { weight: 3, arbitrary: condition },
  {
    weight: 1,
    arbitrary: fc
      .tuple(condition, condition)
      .map((two) => two.flat())
      .filter(([a, b]) => a?.Field !== b?.Field),
  },
);

type Weighted = [blue: number, green: number, other: number];
const weight = fc.constantFrom(0, 0, 0, 1, 100);
/** Forwards of every shape; null is no forward at all. */
const forward = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(weight, weight, fc.constantFrom(0, 0, 1)) },
  { weight: 1, arbitrary: fc.constant(null) },
);
const shape = fc.record({
  forward,
  isScalar: fc.boolean(),
  isAuthenticated: fc.boolean(),
  /** Whether it leads to a further group of the sides, where there is one. */
  isThrough: fc.constantFrom(false, false, true),
  isSticky: fc.constantFrom(false, false, true),
});
type Shape = {
  forward: Weighted | null;
  isScalar: boolean;
  isAuthenticated: boolean;
  isThrough?: boolean;
  isSticky?: boolean;
};

function actionsOf(
  { forward: weights, isScalar, isAuthenticated, isThrough = false, isSticky = false }: Shape,
  further: FurtherGroups = {},
): Action[] {
  if (!weights) return [{ Type: "fixed-response", Order: 1, FixedResponseConfig: { StatusCode: "404" } }];
  const [blue, green, other] = weights;
  const all = { blue, green, other };
  const throughOf = (key: keyof typeof GROUPS) =>
    Object.keys(further).find((arn) => further[arn]?.some((color) => color === key));
  const groupOf = (key: keyof typeof GROUPS) => (isThrough && throughOf(key)) || GROUPS[key];
  const keys = (["blue", "green", "other"] as const).filter((key) => all[key] > 0);
  const [only] = keys;
  const before: Action[] = isAuthenticated
    ? [{ Type: "authenticate-oidc", Order: 1, AuthenticateOidcConfig: { ClientId: "x" } as never }]
    : [];
  if (isScalar && only && keys.length === 1)
    return [...before, { Type: "forward", Order: 2, TargetGroupArn: groupOf(only) }];
  const shown = (["blue", "green", "other"] as const).filter((key) => key !== "other" || other > 0);
  const byGroup = new Map<string, number>();
  for (const key of shown) byGroup.set(groupOf(key), (byGroup.get(groupOf(key)) ?? 0) + all[key]);
  const TargetGroups = [...byGroup].map(([TargetGroupArn, Weight]) => ({ TargetGroupArn, Weight }));
  const sticky = isSticky ? { TargetGroupStickinessConfig: { Enabled: true, DurationSeconds: STICKY_SECONDS } } : {};
  return [...before, { Type: "forward", Order: 2, ForwardConfig: { TargetGroups, ...sticky } }];
}
const plain = (weights: Weighted, isSticky = false): Action[] =>
  actionsOf({ forward: weights, isScalar: false, isAuthenticated: false, isSticky });

const rule = fc.record({ conditions, shape });
const listener = fc.record({ shape, rules: fc.array(rule, { maxLength: 2 }) });
const side = fc.record({ desired: fc.constantFrom(0, 2, 2, 3), isHealthy: fc.constantFrom(true, true, true, false) });
const hand = fc.record({
  at: fc.nat(),
  what: fc.constantFrom("rule", "remove", "weights", "count", "unreadable", "listener"),
  rule,
});
const press = fc.record({
  verb: fc.constantFrom("deploy", "switch", "rollback", "retire", "scale-down"),
  before: fc.option(hand, { freq: 2 }),
  between: fc.option(hand, { freq: 2 }),
  isSick: fc.constantFrom(false, false, true),
});
const plan = fc.record({
  controller: fc.constantFrom("paired-services" as const, "task-set" as const),
  isTogether: fc.boolean(),
  hasTest: fc.boolean(),
  further: fc.constantFrom("none" as const, "none" as const, "shared" as const, "each" as const),
  isSticky: fc.constantFrom(false, false, true),
  live: fc.constantFrom<SlotColor>("blue", "green"),
  standby: side,
  main: fc.array(listener, { maxLength: 1 }),
  mainRules: fc.array(rule, { maxLength: 2 }),
  second: fc.option(listener, { freq: 4 }),
  presses: fc.array(press, { minLength: 6, maxLength: 14 }),
});
type Plan = typeof plan extends fc.Arbitrary<infer T> ? T : never;
type Hand = Plan["presses"][number]["between"];

/** What took traffic down once, each as the smallest world that shows it; they are played before all others. */
const pressing = (verb: Plan["presses"][number]["verb"]) => ({ verb, before: null, between: null, isSick: false });
const OUTAGE: Plan = {
  ...{
    controller: "paired-services",
    isTogether: false,
    hasTest: false,
    further: "none",
    isSticky: false,
    live: "blue",
    main: [],
    mainRules: [],
    second: null,
  },
  standby: { desired: 2, isHealthy: true },
  presses: [],
};
const to = (...weights: NonNullable<Plan["mainRules"][number]["shape"]["forward"]>) => ({
  forward: weights,
  isScalar: true,
  isAuthenticated: false,
  isThrough: false,
  isSticky: false,
});
const API: RuleCondition[] = [{ Field: "path-pattern", PathPatternConfig: { Values: ["/api/*"] } }];
const PARTNER: RuleCondition[] = [{ Field: "host-header", HostHeaderConfig: { Values: ["partner.example.com"] } }];
const OUTAGES: Readonly<Record<string, Plan>> = {
  "a rule sends /api/* to the old side, which is retired or scaled down after its window": {
    ...OUTAGE,
    mainRules: [{ conditions: API, shape: to(1, 0, 0) }],
    presses: [pressing("switch"), pressing("retire"), pressing("scale-down")],
  },
  "another listener of the load balancer does the same": {
    ...OUTAGE,
    main: [{ shape: to(1, 0, 0), rules: [] }],
    presses: [pressing("switch"), pressing("scale-down"), pressing("retire")],
  },
  "a rule sends a partner's host to the standby side, to which a new version is deployed": {
    ...OUTAGE,
    mainRules: [{ conditions: PARTNER, shape: to(0, 1, 0) }],
    presses: [pressing("deploy")],
  },
  "a rule sends /api/* to a further group of both sides, to which a new version is deployed": {
    ...OUTAGE,
    further: "shared",
    mainRules: [{ conditions: API, shape: { ...to(1, 0, 0), isThrough: true } }],
    presses: [pressing("deploy")],
  },
  "a rule sends /api/* to a further group of the old side, which is retired": {
    ...OUTAGE,
    further: "each",
    mainRules: [{ conditions: API, shape: { ...to(1, 0, 0), isThrough: true } }],
    presses: [pressing("switch"), pressing("retire"), pressing("scale-down")],
  },
};

function listenerAt(
  arn: string,
  port: number,
  actions: Action[],
  rules: Plan["mainRules"] = [],
  further: FurtherGroups = {},
): ModelListener {
  return {
    arn,
    port,
    actions,
    rules: rules.map((each, index) => ruleAt(arn, 5 + index, each, further)),
  };
}
const ruleAt = (
  arn: string,
  priority: number,
  { conditions: given, shape: wanted }: Plan["mainRules"][number],
  further: FurtherGroups,
) => ({
  arn: `${arn.replace(":listener/", ":listener-rule/")}/${priority}`,
  priority,
  conditions: given,
  actions: actionsOf(wanted, further),
});

function worldOf(given: Plan): ModelWorld {
  const { live } = given;
  const production: Weighted = live === "blue" ? [100, 0, 0] : [0, 100, 0];
  const further = FURTHER[given.further];
  const listeners = [listenerAt(`${MAIN}/80`, 80, plain(production, given.isSticky), given.mainRules, further)];
  if (given.isTogether) listeners.push(listenerAt(`${MAIN}/443`, 443, plain(production, given.isSticky)));
  if (given.hasTest) listeners.push(listenerAt(`${MAIN}/81`, 81, plain(live === "blue" ? [0, 1, 0] : [1, 0, 0])));
  for (const each of given.main)
    listeners.push(listenerAt(`${MAIN}/8443`, 8443, actionsOf(each.shape, further), each.rules, further));
  // Another load balancer may only use a group that the first does not: then the first forwards to one side alone.
  if (given.second && given.mainRules.length === 0 && given.main.length === 0 && !given.isTogether && !given.hasTest) {
    const standby = otherColor(live);
    listeners[0] = listenerAt(`${MAIN}/80`, 80, [{ Type: "forward", TargetGroupArn: GROUPS[live] }]);
    const arn = `${ARN}:listener/app/partners/2/80`;
    listeners.push(listenerAt(arn, 80, [{ Type: "forward", TargetGroupArn: GROUPS[standby] }]));
  }
  const {
    logs: _none,
    team: _nobody,
    ...config
  } = applicationSchema.parse({
    ...LIBRARY_SETTINGS,
    requestLine: null,
    bakeMinutes: 0,
    windowMinutes: 0,
  });
  const slot = (color: SlotColor) => ({
    targetGroupArn: GROUPS[color],
    targetGroupName: color,
    service: given.controller === "task-set" ? "library" : `library-${color}`,
  });
  const application: Application = {
    ...config,
    region: "x",
    accountId: "1",
    controller: given.controller,
    listener: modelRef(`${MAIN}/80`, "main HTTP:80"),
    ...(given.isTogether ? { together: [modelRef(`${MAIN}/443`, "main HTTP:443")] } : {}),
    testListener: given.hasTest ? modelRef(`${MAIN}/81`, "main HTTP:81") : null,
    slots: { blue: slot("blue"), green: slot("green") },
    stableChecks: 2,
    afterWindow: "scale-down",
    approvals: { release: null, switch: null },
  };
  const idle = {
    revision: 2,
    desired: given.standby.desired,
    healthy: given.standby.isHealthy ? given.standby.desired : 0,
  };
  const serving = { revision: 1, desired: 2, healthy: 2 };
  const sides = { [live]: serving, [otherColor(live)]: idle } as ModelWorld["sides"];
  return createModelWorld(application, listeners, sides, further);
}

/** Somebody else's hand on the load balancer or a service, as anybody with the console has. */
function byHand(world: ModelWorld, { at, what, rule: given }: NonNullable<Hand>, further: FurtherGroups): void {
  const main = world.listeners[0];
  if (!main) return;
  const movable = world.listeners.filter(({ arn }) => arn.startsWith(MAIN));
  switch (what) {
    case "rule": {
      const priority = 20 + (at % 20);
      if (!main.rules.some((each) => each.priority === priority))
        main.rules.push(ruleAt(main.arn, priority, given, further));
      return;
    }
    case "remove":
      main.rules.splice(at % Math.max(1, main.rules.length), 1);
      return;
    case "weights": {
      const one = movable[at % 4 === 0 ? at % movable.length : movable.length - 1];
      if (one) one.actions = actionsOf(given.shape);
      return;
    }
    case "count": {
      const color = at % 2 === 0 ? "blue" : "green";
      const { revision, desired, healthy } = world.sides[color];
      if (desired > 0) world.sides[color] = { revision, desired: desired + 1, healthy: healthy > 0 ? healthy + 1 : 0 };
      return;
    }
    case "unreadable":
      world.isUnreadable = at % 3 === 0;
      return;
    case "listener":
      if (!world.listeners.some(({ port }) => port === 9000))
        world.listeners.push(listenerAt(`${MAIN}/9000`, 9000, actionsOf(given.shape, further)));
  }
}

/** One world played through; throws where a promise is broken. */
async function play(given: Plan): Promise<{ pressed: number; refused: number }> {
  const world = worldOf(given);
  const further = FURTHER[given.further];
  const { application, controller } = world;
  const released = new Set([world.sides[given.live].revision]);
  const history: Deployment[] = [];
  let next = 10;
  const counts = { pressed: 0, refused: 0 };
  let kept: { side: SlotColor; until: number } | null = null;
  for (const { verb, before, between, isSick } of given.presses) {
    if (before) byHand(world, before, further);
    const look = await world.look();
    const facts: RuleFacts = {
      application,
      observation: look,
      deployment: null,
      history,
      ledger: null,
      now: world.now(),
    };
    const { live } = look.traffic;
    const to = live === "green" ? "blue" : "green";
    const blockers = {
      deploy: () => findDeployBlockers(facts),
      switch: () => findSwitchBlockers(facts, to),
      rollback: () => findRollbackBlockers(facts),
      retire: () => findRetireBlockers(facts),
      "scale-down": () => findScaleDownBlockers(facts),
    }[verb]();
    if ((verb === "deploy" || verb === "retire") && live === otherColor(to))
      checkNames(world, look, to, blockers, further);
    if (blockers.length > 0) {
      counts.refused += 1;
      continue;
    }
    counts.pressed += 1;
    if (between) byHand(world, between, further);
    const was = world.routes();
    const expected = look.traffic.weights;
    const kind = verb === "rollback" ? "ROLLBACK" : verb === "switch" ? "SWITCH" : "RELEASE";
    const target = verb === "rollback" ? findRollbackTarget(facts) : null;
    const side = target?.to ?? to;
    const start = {
      id: `d-${next}`,
      application: "library",
      to: side,
      observation: look,
      requested: null,
      reason: null,
    };
    const actor = { id: "o", name: "o", via: "session" } as const;
    const deployment = newDeployment({ ...start, kind, actor, bakeMinutes: 0, now: world.now() });
    // Safe because no step here looks at logs.
    const nobody = { requestsSince: unused, unreadTasks: unused, lastLines: unused } as never;
    const tools = { controller, application, observation: look, requests: nobody, lines: nobody, now: world.now };
    // What the engine meets just before a write ends the deployment in words; here it is enough that nothing was done.
    const step = (one: Parameters<typeof runStep>[1]) => runStep(deployment, one, tools).then(done, failed);
    let isMoved = false;
    if (verb === "deploy") {
      next += 1;
      const revision = world.revisionOf({ revision: next, desired: 2, healthy: 2 });
      const isStarted = await step({ type: "startSide", slot: side, revision, desired: 2, purpose: "release" });
      if (isStarted && isSick) world.sides[side] = { ...world.sides[side], healthy: 0 };
    } else if (verb === "retire" || verb === "scale-down") {
      const idle = idleSide(facts);
      const isSticky = world.routes().some(({ arn, stickySeconds }) => arn === `${MAIN}/80` && stickySeconds !== null);
      const isKept = isSticky && kept !== null && kept.side === idle && world.now() < kept.until;
      expect(isKept, `${verb} stopped a side where cookies keep clients`).toBe(false);
      if (idle) await stop(world, deployment, idle);
    } else {
      const { revision } = target ?? {};
      const isCold = target !== null && !isInstant(facts, target);
      const isUp =
        !isCold ||
        !revision ||
        (await step({ type: "startSide", slot: side, revision, desired: 2, purpose: "rollback" }));
      isMoved = isUp && (await step({ type: "shift", to: side, expected, weights: weightsFor(side) }));
      if (isMoved) {
        released.add(world.sides[side].revision);
        kept = { side: otherColor(side), until: world.now() + STICKY_SECONDS * 1000 };
        history.unshift(ended(deployment, look, world.now()));
      }
    }
    checkRoutes(verb, was, world.routes(), released);
  }
  return counts;
}

const unused = () => Promise.reject(new Error("Nobody asks"));
const done = () => true;
const failed = () => false;

function ended(deployment: Deployment, look: Observation, now: number): Deployment {
  const shift = { to: deployment.to, expected: look.traffic.weights, sentAt: now, readBackMs: 1 };
  return {
    ...deployment,
    status: "SUCCESSFUL",
    finishedAt: now,
    proof: { ruleReadBackMs: 1, proven: true },
    plan: deployment.plan && { ...deployment.plan, shift },
  };
}

/** The engine's own way to stop a side, on a record that keeps nothing. */
async function stop(world: ModelWorld, deployment: Deployment, slot: SlotColor): Promise<void> {
  const record = { update: async () => deployment, token: () => 1, guard: () => () => null, hold: async () => ({}) };
  const deps = {
    observer: { findApplication: () => world.application },
    controllers: { [world.application.controller]: world.controller },
    store: { findDeploymentInFlight: async () => null, findLastFinished: async () => null },
    now: world.now,
  };
  // Safe because nothing else of either is asked for.
  const work = await retire({ deps, record } as never, deployment, slot, []);
  await work();
}

/** Who was answered is answered still, and by no revision that nobody switched to. */
function checkRoutes(verb: string, was: readonly Route[], is: readonly Route[], released: ReadonlySet<number>): void {
  for (const route of was) {
    const after = is.find(({ arn }) => arn === route.arn);
    expect(after?.stickySeconds, `${verb} changed how long clients stay at ${route.arn}`).toBe(route.stickySeconds);
    if (route.isServed) expect(after?.isServed, `${verb} took down ${route.arn}`).toBe(true);
    const strangers = after?.revisions.filter((each) => !released.has(each) && !route.revisions.includes(each)) ?? [];
    expect(strangers, `${verb} let an unreleased revision serve ${route.arn}`).toEqual([]);
  }
}

/** A side that something else serves is refused, with the name of everything that does; and for nothing else. */
function checkNames(
  { listeners, application, isUnreadable }: ModelWorld,
  look: Observation,
  side: SlotColor,
  blockers: Blocker[],
  further: FurtherGroups,
) {
  const groups = [GROUPS[side], ...Object.keys(further).filter((arn) => further[arn]?.includes(side))];
  const own = new Set(
    [application.listener, ...(application.together ?? []), application.testListener].map((ref) => ref?.arn),
  );
  const weightOf = (actions: readonly Action[]) => {
    const action = actions.at(-1);
    const tuples = action?.ForwardConfig?.TargetGroups ?? [{ TargetGroupArn: action?.TargetGroupArn, Weight: 1 }];
    const own = tuples.filter(({ TargetGroupArn = "" }) => groups.includes(TargetGroupArn));
    return own.reduce((sum, { Weight = 0 }) => sum + Weight, 0);
  };
  const serving = listeners.flatMap((listener) => {
    const { arn, port, actions, rules } = listener;
    const reached = reachedBy(listener);
    const name = `${arn.includes("/partners/") ? "partners" : "main"}:${port}`;
    return [
      ...rules
        .filter((each) => reached.has(each.arn) && weightOf(each.actions) > 0)
        .map(({ priority }) => ({ name, says: `ule ${priority} (` })),
      ...(!own.has(arn) && reached.has(arn) && weightOf(actions) > 0 ? [{ name, says: "he default action of" }] : []),
    ];
  });
  // Clients that cookies keep at a side are told by the same code.
  const refusal = blockers.find(({ code, said }) => code === "STILL_SERVED" && said?.code !== "blocker.keptByCookie");
  const isUnknown = blockers.some(({ code }) => code === "WAYS_IN_UNKNOWN");
  const isAsked = look.slots[side].counts.desired > 0 && !look.traffic.drift;
  if (isUnreadable && isAsked) expect(isUnknown).toBe(true);
  if (serving.length > 0 && isAsked && !isUnreadable) expect(refusal?.message ?? "no refusal").toContain("traffic to");
  if (!isUnreadable)
    for (const { name, says } of refusal ? serving : []) {
      expect(refusal?.message).toContain(says);
      expect(refusal?.message).toContain(name);
    }
  if (serving.length === 0 && !isUnreadable) expect(refusal).toBeUndefined();
}

test.each(Object.entries(OUTAGES))("the outage in which %s", async (_what, given) => {
  const { refused } = await play(given);
  expect(refused).toBeGreaterThan(0);
});

test("whatever is offered and pressed, who was answered is answered still, and by what somebody switched to", async () => {
  const counts = { worlds: 0, pressed: 0, refused: 0 };
  const property = fc.asyncProperty(plan, async (given) => {
    const { pressed, refused } = await play(given);
    counts.worlds += 1;
    counts.pressed += pressed;
    counts.refused += refused;
  });
  for (const seed of [...KEPT_SEEDS, SEED]) await fc.assert(property, { numRuns: WORLDS, seed, endOnFailure: true });
  // Worlds in which nothing may be pressed would show nothing.
  expect(counts.pressed).toBeGreaterThan(counts.worlds / 2);
  if (process.env.WORLDS) console.log(JSON.stringify({ seed: SEED, ...counts }));
}, 600_000);
