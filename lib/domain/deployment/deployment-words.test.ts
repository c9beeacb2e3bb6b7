import { expect, test } from "vitest";
import { deployment } from "../../testing/facts.ts";
import { inEnglish } from "../sentence/in-language.ts";
import { type Deployment, STAGES, type Stage, type StageStatus } from "./deployment.ts";
import { deploymentWords, doingSaid } from "./deployment-words.ts";

const at = (stage: Stage, status: StageStatus) => {
  const release = deployment();
  return {
    ...release,
    stage,
    stages: release.stages.map((each) => (each.stage === stage ? { ...each, status } : each)),
  };
};

test("a deployment is called by its kind in lower case", () => {
  expect(deploymentWords({ kind: "RELEASE", to: "green" })).toBe("release to green");
  expect(deploymentWords({ kind: "ROLLBACK", to: "blue" })).toBe("rollback to blue");
});

const doingWords = (deployment: Deployment) => inEnglish(doingSaid(deployment));

test("what it does now is said without ECS's capitals, whatever the stage", () => {
  for (const stage of STAGES) expect(doingWords(at(stage, "IN_PROGRESS"))).toMatch(/^[a-z ]+$/);
  expect(doingWords(at("PRE_PRODUCTION_TRAFFIC_SHIFT", "AWAITING_ACTION"))).toBe("waits for the switch");
  expect(doingWords({ ...deployment(), status: "STOP_REQUESTED" })).toBe("is being stopped");
  expect(doingWords({ ...deployment(), status: "ROLLBACK_IN_PROGRESS" })).toBe("rolls back");
});
