import { expect, test } from "vitest";
import { fixesOf } from "../testing/fixes-of.ts";
import { LIBRARY_SETTINGS } from "../testing/library-settings.ts";
import { applicationSchema } from "./application-config.ts";

const { listener: _one, ...WITHOUT } = LIBRARY_SETTINGS;
const at = (port: number) => ({ loadBalancer: "library-alb", port });
const RULE = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener-rule/app/library-alb/1/2/3";

test.each<[string, Record<string, unknown>, unknown]>([
  ["one listener", { listener: at(80) }, at(80)],
  ["several, the first of which names the traffic", { listeners: [at(80), at(443)] }, at(80)],
  ["rules by load balancer, port and priority", { rules: [{ ...at(443), priority: 10 }] }, at(443)],
  ["rules by ARN", { rules: [RULE] }, RULE.replace("listener-rule", "listener").replace("/2/3", "/2")],
  ["rules of several listeners", { listeners: [at(80), at(443)], rules: [{ priority: 10 }] }, at(80)],
])("takes %s", (_, changes, listener) => {
  expect(applicationSchema.parse({ ...WITHOUT, ...changes }).listener).toEqual(listener);
});

test.each<[string, Record<string, unknown>, string]>([
  ["neither", {}, "give a listener's ARN"],
  ["a rule without a listener to look for it", { rules: [{ priority: 10 }] }, "give a listener's ARN"],
  ["both forms", { listener: at(80), listeners: [at(443)] }, "give listener: or listeners:, not both"],
  ["both forms of rules", { listener: at(80), rule: { priority: 1 }, rules: [{ priority: 2 }] }, "rule: or rules:"],
  ["a port of no listener", { listeners: [at(0)] }, "give 1 to 65535"],
  [
    "more than AWS describes by one call",
    { listeners: Array.from({ length: 21 }, (_, i) => at(i + 1)) },
    "20 listeners",
  ],
  ["a test rule of no priority", { listener: at(80), testRule: { priority: 0 } }, "give 1 to 50000"],
  [
    "a test rule where AWS names it",
    { controller: "ecs-native", service: "orders", blue: null, green: null, testRule: RULE },
    "AWS's own settings name where test traffic comes in",
  ],
])("refuses %s", (_, changes, message) => {
  const parsed = applicationSchema.safeParse({ ...WITHOUT, ...changes });
  expect(fixesOf(parsed.error)).toContain(message);
});
