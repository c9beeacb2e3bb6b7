import { expect, test } from "vitest";
import type { AwsPause } from "../domain/observation/aws-deployment.ts";
import { pausesOf } from "./pauses.ts";

const pause = (stage: string, onExpiry: AwsPause["onExpiry"]): AwsPause => ({ stage, onExpiry });

test("of a service ECS tells the stages of its pauses and nothing else; a deployment's own copy tells all", () => {
  const lambda = { hookTargetArn: "arn:aws:lambda:x:1:function:check", lifecycleStages: ["POST_SCALE_UP" as const] };
  expect(pausesOf({ lifecycleHooks: [{ lifecycleStages: ["POST_TEST_TRAFFIC_SHIFT"] }, lambda] })).toEqual([
    pause("POST_TEST_TRAFFIC_SHIFT", null),
  ]);
  const full = { targetType: "PAUSE" as const, lifecycleStages: ["PRE_SCALE_UP" as const, "POST_SCALE_UP" as const] };
  expect(pausesOf({ lifecycleHooks: [full, { ...lambda, targetType: "AWS_LAMBDA" }] })).toEqual([
    pause("PRE_SCALE_UP", "ROLLBACK"),
    pause("POST_SCALE_UP", "ROLLBACK"),
  ]);
  const goesOn = { ...full, timeoutConfiguration: { timeoutInMinutes: 5, action: "CONTINUE" as const } };
  expect(pausesOf({ lifecycleHooks: [goesOn] })[0]).toEqual(pause("PRE_SCALE_UP", "CONTINUE"));
  expect(pausesOf(undefined)).toEqual([]);
});
