import { z } from "zod";
import { say } from "../domain/sentence/sentence.ts";
import { fix } from "./fix.ts";
import { withTagName } from "./tag-name.ts";

const LISTENER_ARN = /^arn:[\w-]+:elasticloadbalancing:[\w-]+:\d{12}:listener\/(app|net)\//;
const RULE_ARN = /^arn:[\w-]+:elasticloadbalancing:[\w-]+:\d{12}:listener-rule\/app\//;
/** AWS describes as many by one call, so that a switch looks at all of them at once. */
const MOST_TOGETHER = 20;

const address = {
  /** Name, ARN or tags. */
  loadBalancer: z.preprocess(withTagName, z.string().min(1)),
  port: z
    .int(fix(say("input.between", { least: 1, most: 65535 })))
    .min(1, fix(say("input.between", { least: 1, most: 65535 })))
    .max(65535, fix(say("input.between", { least: 1, most: 65535 }))),
};
const priority = z
  .int(fix(say("input.between", { least: 1, most: 50000 })))
  .min(1, fix(say("input.between", { least: 1, most: 50000 })))
  .max(50000, fix(say("input.between", { least: 1, most: 50000 })));

/** What to say where no listener is named. */
export const LISTENER_FIX = fix(say("config.listenerShape", { shape: "{ loadBalancer: <name>, port: <1-65535> }" }));
/** A listener by ARN, or by load balancer and port. */
export const listenerSchema = z.union([z.string().regex(LISTENER_ARN), z.strictObject(address)], LISTENER_FIX);

const RULE_FIX = fix(say("config.ruleShape", { shape: "{ priority: <1-50000> }" }));
/** A rule of the listener, by ARN or priority. */
export const ruleSchema = z.union([z.string().regex(RULE_ARN), z.strictObject({ priority })], RULE_FIX);

const TEST_RULE_FIX = fix(
  say("config.testRuleShape", { shape: "{ priority: <1-50000> }", other: "{ loadBalancer: <name>, port, priority }" }),
);
/** The rule that test traffic comes by: of the test listener, or else of the production one. */
export const testRuleSchema = z.union([ruleSchema, z.strictObject({ ...address, priority })], TEST_RULE_FIX);

/** Listeners whose default actions move together. */
export const listenersSchema = z
  .array(listenerSchema, fix(say("input.listOf", { what: say("config.noun.listeners") })))
  .max(MOST_TOGETHER, fix(say("input.atMostOf", { count: MOST_TOGETHER, what: say("config.noun.listeners") })))
  .default([]);

const RULES_FIX = fix(
  say("config.rulesShape", { shape: "{ priority: <1-50000> }", other: "{ loadBalancer: <name>, port, priority }" }),
);
/** Rules that move together. */
export const rulesSchema = z
  .array(
    z.union([ruleSchema, z.strictObject({ ...address, priority })], RULES_FIX),
    fix(say("input.listOf", { what: say("config.noun.rules") })),
  )
  .max(MOST_TOGETHER, fix(say("input.atMostOf", { count: MOST_TOGETHER, what: say("config.noun.rules") })))
  .default([]);

/** The entry with a `listener`: where only several are given, the first of them names the traffic. */
export function withListener(entry: unknown): unknown {
  if (typeof entry !== "object" || entry === null || "listener" in entry) return entry;
  const { listeners, rules } = entry as { listeners?: unknown; rules?: unknown };
  const first: unknown = Array.isArray(listeners) ? listeners[0] : undefined;
  if (first !== undefined) return { ...entry, listener: first };
  const one: unknown = Array.isArray(rules) ? rules[0] : undefined;
  if (typeof one === "string" && RULE_ARN.test(one))
    return { ...entry, listener: one.replace(":listener-rule/", ":listener/").replace(/\/[^/]+$/, "") };
  if (typeof one === "object" && one !== null && "loadBalancer" in one && "port" in one)
    return { ...entry, listener: { loadBalancer: one.loadBalancer, port: one.port } };
  return entry;
}
