import { expect, test } from "vitest";
import { facts, NOW, observation, slot, target } from "../../testing/facts.ts";
import { aws, gate, look, settle, started } from "../../testing/followed.ts";
import { answerGate } from "../deployment/deployment-transitions.ts";
import { say } from "../sentence/sentence.ts";
import { findDisagreement, findRolloutBlocker } from "./driven-rules.ts";
import { findRollbackBlockers } from "./rollback-rules.ts";
import type { RuleFacts } from "./rule-facts.ts";
import { findSwitchBlockers } from "./switch-rules.ts";

const APPLICATION: RuleFacts["application"] = { minimumHealthy: null, stableChecks: 3, controller: "ecs-native" };
const atGate = look([aws({ stage: "POST_TEST_TRAFFIC_SHIFT", gates: [gate("g-1")] })]);

const waiting = (seen = atGate): RuleFacts =>
  facts(seen, { application: APPLICATION, deployment: settle(started(), seen).deployment });

test("the gate can be answered as soon as AWS's own checks passed: how long targets were healthy is its business", () => {
  const fresh = slot("green", { targets: [target("10.0.2.1", "healthy", 1), target("10.0.2.2", "healthy", 1)] });
  const seen = { ...atGate, slots: { ...atGate.slots, green: fresh } };
  expect(findSwitchBlockers(waiting(seen), "green")).toEqual([]);
  const ill = slot("green", { targets: [target("10.0.2.1"), target("10.0.2.2", "unhealthy")] });
  const sick = { ...atGate, slots: { ...atGate.slots, green: ill } };
  expect(findSwitchBlockers(waiting(sick), "green").map(({ code }) => code)).toContain("STANDBY_NOT_HEALTHY");
});

test("before the shift a rollback says what aborting does where AWS drives", () => {
  expect(findRollbackBlockers(waiting())).toMatchObject([
    {
      code: "NOTHING_TO_ROLL_BACK",
      message: "The release to green has shifted no traffic yet",
      fix: "Abort it instead: AWS rolls its own deployment back and stops green's tasks; blue stays live throughout",
    },
  ]);
});

test.each([
  ["nothing holds weight", observation({ weights: { blue: 0, green: 0 } }), /AWS would not know which one serves/],
  ["both groups hold weight at rest", observation({ weights: { blue: 1, green: 1 } }), /AWS refuses to deploy/],
  [
    "the current revision serves from the other group",
    observation({ weights: { blue: 0, green: 100 }, green: { revision: null } }),
    /ECS would register the new version in the group that serves/,
  ],
  [
    "the live group has no healthy target",
    observation({ blue: { targets: [target("10.0.1.1", "unhealthy")] } }),
    /sends everything to blue, which has no healthy target/,
  ],
  [
    "the live group's target health was not read yet",
    observation({ blue: { targets: [], targetsReadAt: undefined } }),
    /sends everything to blue, whose target health was not read yet/,
  ],
  [
    "CodeDeploy's primary task set is not behind the listener",
    { ...observation(), primary: "green" as const },
    /CodeDeploy would fail with "Primary taskset target group must be behind listener"/,
  ],
])("preflight: %s", (_what, seen, words) => {
  const found = findDisagreement(seen);
  expect(found).toMatchObject({
    code: "AWS_DISAGREES",
    message: expect.stringMatching(words),
    fix: expect.any(String),
  });
});

test("preflight: a service that AWS would deploy in another way is not deployed to; what goes on keeps its own settings", () => {
  const misfit = say("resolve.notNative", { service: "orders-service", controller: "ECS", strategy: "ROLLING" });
  expect(findDisagreement({ ...look([]), misfit })).toMatchObject({
    code: "AWS_DISAGREES",
    message: expect.stringMatching(/^orders-service has .* the strategy ROLLING/),
    fix: expect.stringMatching(/^Put the service back/),
  });
  expect(findDisagreement({ ...atGate, misfit })).toBeNull();
});

test("preflight: between the steps of its own shift both groups hold weight, and at rest all agrees", () => {
  const going = { ...observation({ weights: { blue: 90, green: 10 } }), awsDeployments: [aws()] };
  expect(findDisagreement(going)).toBeNull();
  expect(findDisagreement(observation())).toBeNull();
});

test("whatever a rollback after the end is offered in, it is started in: also where the live side is ill, and nowhere where AWS would not", () => {
  const sick = { targets: [target("10.0.2.1", "unhealthy")] };
  const worlds = [
    observation({ weights: { blue: 0, green: 100 } }),
    observation({ weights: { blue: 0, green: 100 }, green: sick }),
    observation({ weights: { blue: 0, green: 0 } }),
    observation({ weights: { blue: 20, green: 80 } }),
    observation({ weights: { blue: 0, green: 100 }, green: { revision: null } }),
    { ...observation({ weights: { blue: 0, green: 100 } }), primary: "blue" as const },
  ];
  const moved = { ...started(), status: "SUCCESSFUL" as const, finishedAt: NOW - 1_000 };
  const shift = { to: "green" as const, expected: { blue: 100, green: 0 }, sentAt: NOW - 5_000, readBackMs: 5 };
  const history = [{ ...moved, plan: moved.plan && { ...moved.plan, shift } }];
  const told = worlds.map((seen) => {
    const offered = findRollbackBlockers(facts(seen, { application: APPLICATION, history })).length === 0;
    const begun = started({ id: null, sentAt: null }, { kind: "ROLLBACK", to: "blue", observation: seen });
    const { decision } = settle(begun, { ...seen, awsDeployments: [] });
    return [offered, decision.kind === "step"];
  });
  expect(told).toEqual([true, true, false, false, false, false].map((is) => [is, is]));
});

test("a rollback's own gate is answered while the live side is ill", () => {
  const sick = observation({ weights: { blue: 0, green: 100 }, green: { targets: [target("10.0.2.1", "unhealthy")] } });
  const seen = {
    ...sick,
    awsDeployments: [aws({ to: "blue", stage: "POST_TEST_TRAFFIC_SHIFT", gates: [gate("g-1")] })],
  };
  const { deployment } = settle(started({}, { kind: "ROLLBACK", to: "blue", observation: sick }), seen);
  const here: RuleFacts["application"] = { ...APPLICATION, minimumHealthy: 1 };
  expect(findSwitchBlockers(facts(seen, { application: here, deployment }), "blue")).toEqual([]);
  const asked = answerGate(deployment, "CONTINUE", NOW);
  expect(settle(asked, seen).decision).toMatchObject({ kind: "step", step: { type: "answerGate", gate: "g-1" } });
});

test("a rollout is not the asker's to choose where AWS drives", () => {
  const rollout = { strategy: "CANARY", percent: 5, bakeMinutes: 1 };
  const asked = (controller: "ecs-native" | "code-deploy" | "task-set") =>
    findRolloutBlocker({ application: { controller } }, rollout);
  expect(asked("ecs-native")).toMatchObject({
    code: "NOT_OFFERED",
    message: "ECS moves traffic as its service says, so no rollout can be chosen",
  });
  expect(asked("code-deploy")?.fix).toBe("Leave rollout out; to move traffic otherwise, change the deployment group");
  expect(asked("task-set")).toBeNull();
  expect(findRolloutBlocker({ application: { controller: "ecs-native" } }, undefined)).toBeNull();
});
