import { describe, expect, test } from "vitest";
import type { CodeDeployReading, CodeDeployTarget, LifecycleEventReading } from "../aws/code-deploy-readings.ts";
import { findOpenGate } from "../domain/observation/aws-deployment.ts";
import { gateId, ROLLBACK_TOLD_MS, toAwsDeployment, waitOf } from "./code-deploy-mapping.ts";
import type { CodeDeployParts } from "./code-deploy-parts.ts";

const NOW = Date.UTC(2026, 9, 1);
const MINUTE = 60_000;
const EVENTS = [
  "BeforeInstall",
  "Install",
  "AfterInstall",
  "AllowTestTraffic",
  "AfterAllowTestTraffic",
  "BeforeAllowTraffic",
  "AllowTraffic",
  "AfterAllowTraffic",
];

function reading(changes: Partial<CodeDeployReading> = {}): CodeDeployReading {
  return {
    id: "d-AAAAAAAAA",
    status: "InProgress",
    creator: "user",
    description: null,
    error: null,
    rolledBackBy: null,
    rollsBack: null,
    createdAt: NOW - 5 * MINUTE,
    startedAt: NOW - 5 * MINUTE,
    finishedAt: null,
    appSpec: null,
    pauses: null,
    readyMinutes: null,
    terminationMinutes: 10,
    hasTerminationBegun: false,
    ...changes,
  };
}

/** Every event before the one has succeeded, a minute ago; it is as said; those after it are pending. */
function events(name: string, status: LifecycleEventReading["status"]): LifecycleEventReading[] {
  const at = EVENTS.indexOf(name);
  const message = status === "Failed" ? "boom" : null;
  return EVENTS.map((each, index) => {
    if (index < at) return { name: each, status: "Succeeded", endedAt: NOW - MINUTE, message: null };
    if (index > at) return { name: each, status: "Pending", endedAt: null, message: null };
    return { name: each, status, endedAt: status === "InProgress" ? null : NOW - MINUTE, message };
  });
}

function target(lifecycle: LifecycleEventReading[], green: number | null = 0, blueIs = "PRIMARY"): CodeDeployTarget {
  const set = { desired: 2, running: 2 };
  return {
    events: lifecycle,
    taskSets: [
      { ...set, id: "ecs-svc/1", label: "Blue", status: blueIs, weight: 100 - (green ?? 0), targetGroup: "tg-1" },
      ...(green === null
        ? []
        : [
            {
              ...set,
              id: "ecs-svc/2",
              label: "Green" as const,
              status: "ACTIVE",
              weight: green,
              targetGroup: "tg-2",
            },
          ]),
    ],
  };
}

function mapped(parts: Partial<CodeDeployParts>) {
  const groups = { blue: "tg-1", green: "tg-2" };
  return toAwsDeployment({
    reading: reading(),
    target: null,
    rollback: null,
    revision: null,
    groups,
    now: NOW,
    ...parts,
  });
}

describe("a stage of ours for each lifecycle event", () => {
  test.each([
    ["BeforeInstall", "InProgress", "PRE_SCALE_UP"],
    ["Install", "InProgress", "SCALE_UP"],
    ["Install", "Failed", "SCALE_UP"],
    ["AfterInstall", "Succeeded", "POST_SCALE_UP"],
    ["AllowTestTraffic", "InProgress", "TEST_TRAFFIC_SHIFT"],
    ["AfterAllowTestTraffic", "InProgress", "POST_TEST_TRAFFIC_SHIFT"],
    ["BeforeAllowTraffic", "InProgress", "PRE_PRODUCTION_TRAFFIC_SHIFT"],
    ["AllowTraffic", "InProgress", "PRODUCTION_TRAFFIC_SHIFT"],
    ["AfterAllowTraffic", "InProgress", "POST_PRODUCTION_TRAFFIC_SHIFT"],
  ] as const)("%s %s: %s", (name, status, stage) => {
    expect(mapped({ target: target(events(name, status)) })).toMatchObject({ stage, to: "green" });
  });

  test("none before the first, and before there is a target", () => {
    expect(mapped({ reading: reading({ status: "Created" }) })).toMatchObject({
      status: "PENDING",
      stage: null,
      to: null,
      gates: [],
    });
    expect(mapped({ target: target(events("BeforeInstall", "Pending"), null) })).toMatchObject({
      stage: null,
      to: "green",
    });
  });

  test("an event that is not known here leaves the stage open", () => {
    const unknown: LifecycleEventReading[] = [{ name: "Levitate", status: "InProgress", endedAt: null, message: null }];
    expect(mapped({ target: target(unknown) }).stage).toBeNull();
  });
});

describe("a status of ECS's for each of CodeDeploy's", () => {
  const ended = { finishedAt: NOW - MINUTE };
  const back = (status: CodeDeployReading["status"]) => ({
    reading: reading({
      id: "d-BBBBBBBBB",
      status,
      rollsBack: "d-AAAAAAAAA",
      finishedAt: status === "InProgress" ? null : NOW,
    }),
    target: null,
  });
  const undone = { ...ended, status: "Stopped", rolledBackBy: "d-BBBBBBBBB" } as const;
  test.each<[string, Partial<CodeDeployReading>, Partial<CodeDeployParts>, string]>([
    ["queued", { status: "Queued" }, {}, "PENDING"],
    ["baking", { status: "Baking" }, {}, "IN_PROGRESS"],
    ["ready", { status: "Ready" }, {}, "IN_PROGRESS"],
    ["succeeded", { ...ended, status: "Succeeded" }, {}, "SUCCESSFUL"],
    ["stopped a moment ago", { status: "Stopped", finishedAt: NOW - ROLLBACK_TOLD_MS + 1 }, {}, "STOP_REQUESTED"],
    ["stopped before its shift", { ...ended, status: "Stopped" }, {}, "STOPPED"],
    ["failed before its shift", { ...ended, status: "Failed" }, {}, "STOPPED"],
    [
      "failed in its shift, rolled back by nobody",
      { ...ended, status: "Failed" },
      { target: target([], 10) },
      "STOPPED",
    ],
    ["stopped after its shift", { ...ended, status: "Stopped" }, { target: target([], 100) }, "STOPPED"],
    ["its rollback not read yet", undone, {}, "ROLLBACK_IN_PROGRESS"],
    ["its rollback goes on", undone, { rollback: back("InProgress") }, "ROLLBACK_IN_PROGRESS"],
    ["its rollback succeeded", undone, { rollback: back("Succeeded") }, "ROLLBACK_SUCCESSFUL"],
    ["its rollback failed", undone, { rollback: back("Failed") }, "ROLLBACK_FAILED"],
    ["its rollback was stopped", undone, { rollback: back("Stopped") }, "ROLLBACK_FAILED"],
  ])("%s", (_what, changes, parts, status) => {
    expect(mapped({ reading: reading(changes), ...parts }).status).toBe(status);
  });

  test("it has ended only once its rollback has", () => {
    expect(mapped({ reading: reading(undone), rollback: back("InProgress") }).finishedAt).toBeNull();
    expect(mapped({ reading: reading(undone) }).finishedAt).toBeNull();
    expect(mapped({ reading: reading(undone), rollback: back("Succeeded") }).finishedAt).toBe(NOW);
  });

  test("while it is rolled back, the weights are those that the rollback tells", () => {
    const rollback = { ...back("InProgress"), target: target([], 0) };
    expect(mapped({ reading: reading(undone), target: target([], 10), rollback }).requested.production).toBe(0);
  });
});

describe("waits are gates", () => {
  const kept = reading({ hasTerminationBegun: true });
  const shifted = events("AfterAllowTraffic", "Succeeded");

  test("before traffic is rerouted", () => {
    const seen = mapped({
      reading: reading({ status: "Ready", readyMinutes: 60 }),
      target: target(events("AfterAllowTestTraffic", "Succeeded")),
    });
    expect(seen.stage).toBe("PRE_PRODUCTION_TRAFFIC_SHIFT");
    expect(findOpenGate(seen)).toMatchObject({
      id: "d-AAAAAAAAA:READY_WAIT",
      expiresAt: NOW + 59 * MINUTE,
      onExpiry: "ROLLBACK",
    });
  });

  test("while the old task set is kept, which then goes by itself", () => {
    const seen = mapped({ reading: kept, target: target(shifted, 100, "ACTIVE") });
    expect(seen).toMatchObject({ stage: "BAKE_TIME", bakeMinutes: 10 });
    expect(findOpenGate(seen)).toMatchObject({
      id: "d-AAAAAAAAA:TERMINATION_WAIT",
      expiresAt: NOW + 9 * MINUTE,
      onExpiry: "CONTINUE",
    });
  });

  test("no more once it is removed, nor after the end", () => {
    const leaving = mapped({ reading: kept, target: target(shifted, 100, "DRAINING") });
    expect(leaving).toMatchObject({ stage: "CLEAN_UP", gates: [] });
    const over = mapped({ reading: { ...kept, status: "Succeeded" }, target: target(shifted, 100, "ACTIVE") });
    expect(findOpenGate(over)).toBeNull();
  });

  test("a hook's function is waited for, and is no person", () => {
    const seen = mapped({
      reading: reading({ appSpec: { taskDefinition: "members:2", hooks: { BeforeAllowTraffic: "check" } } }),
      target: target(events("BeforeAllowTraffic", "InProgress")),
    });
    expect(seen.gates).toEqual([
      expect.objectContaining({ isForPeople: false, target: "check", state: "IN_PROGRESS" }),
    ]);
    expect(findOpenGate(seen)).toBeNull();
  });

  test("an id is that of one wait of one deployment", () => {
    expect(waitOf("d-1", gateId("d-1", "READY_WAIT"))).toBe("READY_WAIT");
    expect(waitOf("d-1", gateId("d-1", "TERMINATION_WAIT"))).toBe("TERMINATION_WAIT");
    expect(waitOf("d-2", gateId("d-1", "READY_WAIT"))).toBeNull();
    expect(waitOf("d-1", "d-1:BeforeAllowTraffic")).toBeNull();
  });
});

describe("words", () => {
  const failed = (code: string, message: string) =>
    mapped({ reading: reading({ status: "Failed", finishedAt: NOW - MINUTE, error: { code, message } }) }).reason;

  test.each([
    ["ALARM_ACTIVE", "Activated alarms: <errors>", /^An alarm .*<errors> \(ALARM_ACTIVE\)$/],
    ["TIMEOUT", "60 minutes", /^It took longer than CodeDeploy waits: 60 minutes \(TIMEOUT\)$/],
    ["HOOK_EXECUTION_FAILURE", "check failed", /^A hook's Lambda function failed: check failed/],
    [
      "ELASTIC_LOAD_BALANCING_INVALID",
      "Primary taskset target group must be behind listener arn:1",
      /^The listener does not send everything .* deploy again\. CodeDeploy: Primary/,
    ],
    ["SOMETHING_NEW", "said so", /^said so \(SOMETHING_NEW\)$/],
  ])("%s", (code, message, words) => {
    expect(failed(code, message)).toMatch(words);
  });

  test("a person's stop leaves the word to whoever stopped it", () => {
    expect(failed("MANUAL_STOP", "The deployment was stopped by a user.")).toBeNull();
  });

  test("for what it waits in Install", () => {
    expect(mapped({ target: target(events("Install", "InProgress")) }).reason).toMatch(/^CodeDeploy waits until all 2/);
  });

  test("who started it", () => {
    expect(mapped({ reading: reading({ description: "pipeline run 12" }) }).startedBy).toBe("pipeline run 12");
    expect(mapped({ reading: reading({ creator: "CloudFormation" }) }).startedBy).toBe("CloudFormation");
    expect(mapped({}).startedBy).toBeNull();
  });
});
