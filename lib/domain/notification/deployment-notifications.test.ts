import { describe, expect, test } from "vitest";
import { changedStage } from "../deployment/change-stage.ts";
import type { Deployment, StageRecord } from "../deployment/deployment.ts";
import { waitForSwitchAgain } from "../deployment/deployment-transitions.ts";
import { LIMITS_MS } from "../deployment/stage-limit.ts";
import { say } from "../sentence/sentence.ts";
import type { Told } from "../sentence/told.ts";
import { fingerprint } from "../text/fingerprint.ts";
import { oneLine } from "../text/one-line.ts";
import { deploymentNotifications } from "./deployment-notifications.ts";

const MINUTE = 60_000;
const T = Date.parse("2027-01-15T08:00:00Z");

function deployment(change: Partial<Deployment> = {}, ...stages: StageRecord[]): Deployment {
  return {
    id: "d-1",
    application: "library",
    kind: "RELEASE",
    status: "IN_PROGRESS",
    stage: stages.at(-1)?.stage ?? "SCALE_UP",
    from: "blue",
    to: "green",
    fromRevision: { taskDefinition: "arn:x/library:1", image: "library:1.0.0", digest: null, tag: "1.0.0" },
    revision: { taskDefinition: "arn:x/library:2", image: "library:1.1.0", digest: null, tag: "1.1.0" },
    startedAt: T,
    finishedAt: null,
    actor: { id: "kim@example.com", name: "Kim", via: "session" },
    reason: "ship it",
    statusReason: null,
    stages,
    approvals: [],
    proof: null,
    bakeUntil: null,
    evidence: null,
    ...change,
  };
}
const record = (stage: StageRecord["stage"], status: StageRecord["status"], detail?: Told): StageRecord =>
  changedStage(
    {
      stage,
      status,
      startedAt: T + MINUTE,
      finishedAt: status === "AWAITING_ACTION" || status === "IN_PROGRESS" ? null : T + 2 * MINUTE,
    },
    { detail },
  );
const AWAITING = record("PRE_PRODUCTION_TRAFFIC_SHIFT", "AWAITING_ACTION", "Waits for a person to switch");
const SHIFTED = record("PRODUCTION_TRAFFIC_SHIFT", "SUCCEEDED");
const EXPIRES = T + MINUTE + LIMITS_MS.awaitSwitch;
const BAKING = { bakeUntil: T + 21 * MINUTE };

describe("what people are told of a deployment", () => {
  test.each<[string, Deployment, number, string[]]>([
    ["nothing while it scales up", deployment({}, record("SCALE_UP", "IN_PROGRESS")), T, []],
    ["that a release waits", deployment({}, AWAITING), T + MINUTE, ["approval.wanted"]],
    [
      "that it is about to expire, half an hour before",
      deployment({}, AWAITING),
      EXPIRES - 30 * MINUTE,
      ["approval.wanted", "approval.expiring"],
    ],
    ["not so a moment earlier", deployment({}, AWAITING), EXPIRES - 30 * MINUTE - 1, ["approval.wanted"]],
    ["nothing of a wait that is over", deployment({}, AWAITING), EXPIRES, []],
    ["not that a stopping one waits", deployment({ status: "STOP_REQUESTED" }, AWAITING), T + MINUTE, []],
    ["that traffic was switched", deployment({}, SHIFTED), T + 3 * MINUTE, ["traffic.switched"]],
    [
      "that the switch is not verified",
      deployment(
        {},
        SHIFTED,
        record(
          "POST_PRODUCTION_TRAFFIC_SHIFT",
          "SUCCEEDED",
          say("proof.unproven", { note: say("proof.noneOnEither") }),
        ),
      ),
      T + 3 * MINUTE,
      ["traffic.switched", "switch.notProven"],
    ],
    [
      "nothing more of a verified one",
      deployment({}, SHIFTED, record("POST_PRODUCTION_TRAFFIC_SHIFT", "SUCCEEDED")),
      T + 3 * MINUTE,
      ["traffic.switched"],
    ],
    [
      "that the bake is closing, a quarter of it before its end",
      deployment(BAKING, SHIFTED, record("BAKE_TIME", "IN_PROGRESS")),
      T + 16 * MINUTE,
      ["traffic.switched", "window.closing"],
    ],
    [
      "not so before that",
      deployment(BAKING, SHIFTED, record("BAKE_TIME", "IN_PROGRESS")),
      T + 16 * MINUTE - 1,
      ["traffic.switched"],
    ],
    [
      "nothing of the end of a bake too short to act in",
      deployment({ bakeUntil: T + 2 * MINUTE }, record("BAKE_TIME", "IN_PROGRESS")),
      T + 2 * MINUTE - 1,
      [],
    ],
    [
      "that it was rolled back",
      deployment({ status: "ROLLBACK_SUCCESSFUL", finishedAt: T + 9 * MINUTE }, SHIFTED),
      T + 9 * MINUTE,
      ["traffic.switched", "deployment.rolledBack"],
    ],
    ["that a rollback of its own was made", deployment({ kind: "ROLLBACK" }, SHIFTED), T, ["deployment.rolledBack"]],
    [
      "that the rollback failed",
      deployment({ status: "ROLLBACK_FAILED", finishedAt: T }),
      T,
      ["deployment.rollbackFailed"],
    ],
    ["that it stopped", deployment({ status: "STOPPED", finishedAt: T }), T, ["deployment.stopped"]],
    [
      "nothing new when it ends well",
      deployment({ status: "SUCCESSFUL", finishedAt: T + 9 * MINUTE }, SHIFTED),
      T + 9 * MINUTE,
      ["traffic.switched"],
    ],
  ])("%s", (_what, given, now, kinds) => {
    const told = deploymentNotifications(given, now);
    expect(told.map((notification) => notification.kind)).toEqual(kinds);
    for (const { id, title, text, deepLinkPath } of told) {
      expect(id).toMatch(/^[\x21-\x7e]{1,120}$/);
      expect(title).toMatch(/^library: \S/);
      expect(text).toMatch(/[.!?…]$/);
      expect(deepLinkPath).toBe("/library/deployments/d-1");
    }
    expect(deploymentNotifications(given, now)).toEqual(told);
  });

  test("a wait is told anew, under another id, when a shift was refused", () => {
    const first = deploymentNotifications(deployment({}, AWAITING), T + MINUTE);
    const shifting = deployment(
      {},
      { ...AWAITING, status: "SUCCEEDED" },
      record("PRODUCTION_TRAFFIC_SHIFT", "IN_PROGRESS"),
    );
    const again = deploymentNotifications(waitForSwitchAgain(shifting, "green is sick"), T + MINUTE);
    expect(again[0]?.kind).toBe("approval.wanted");
    expect(again[0]?.id).not.toBe(first[0]?.id);
    expect(again[0]?.text).toContain("Not shifted: green is sick.");
  });

  test("an extended bake is told anew when its new end comes near", () => {
    const baking = (bakeUntil: number) => deployment({ bakeUntil }, record("BAKE_TIME", "IN_PROGRESS"));
    const ids = [T + 21 * MINUTE, T + 41 * MINUTE].map(
      (until) => deploymentNotifications(baking(until), until - MINUTE)[0]?.id,
    );
    expect(new Set(ids).size).toBe(2);
  });

  test("says who, why, by when and what is live", () => {
    const [wanted] = deploymentNotifications(deployment({}, AWAITING), T + MINUTE);
    expect(wanted?.title).toBe("library: 1.1.0 on green waits for a person");
    expect(wanted?.text).toBe(
      [
        "1.1.0 is healthy on green; blue (1.0.0) is live.",
        "By Kim: ship it.",
        "If nobody switches by 2027-01-16 08:01 UTC, the deployment is given up and blue stays live.",
      ].join("\n"),
    );
    const failed = deployment({
      status: "STOPPED",
      finishedAt: T,
      reason: null,
      statusReason: "green's tasks keep stopping",
      evidence: {
        tasks: [{ id: "t", stoppedReason: "OutOfMemoryError: killed", containers: [] }],
        targets: [],
        lines: [],
      },
    });
    expect(deploymentNotifications(failed, T)[0]?.text).toBe(
      "green's tasks keep stopping.\nA task stopped: It ran out of memory.\nBy Kim, who gave no reason.",
    );
  });

  test("keeps strangers' words on their line and within bounds", () => {
    const hostile = `a\r\nb\u0000${"x".repeat(2000)}`;
    const told = deploymentNotifications(deployment({ reason: hostile, application: "library" }, SHIFTED), T)[0];
    expect(told?.text.split("\n")).toHaveLength(2);
    expect(told?.text.length).toBeLessThan(1000);
  });
});

test("one line is what is left of any text", () => {
  expect(oneLine("a\r\n\u2028b\u0000\tc ")).toBe("a b c");
  expect(oneLine("x".repeat(10), 5)).toBe("xxxx…");
  expect(oneLine("ab😀", 4)).toBe("ab😀");
  expect(oneLine("abc😀d", 5)).toBe("abc…");
});

test("a fingerprint tells texts apart and stays the same", () => {
  expect(fingerprint("drift")).toBe(fingerprint("drift"));
  expect(fingerprint("drift")).not.toBe(fingerprint("drifts"));
  expect(fingerprint("")).toBe("811c9dc5");
});
