import { describe, expect, it } from "vitest";
import { faultAfterSwitch, scaling, unproven, waiting } from "@/components/fixtures/scenes.ts";
import { deployment, snapshot } from "@/components/fixtures/snapshots.ts";
import { describeChanges } from "./describe-changes.ts";

describe("what is announced", () => {
  it("is nothing when only time has passed", () => {
    expect(describeChanges(snapshot(), snapshot({ observedAt: 99 }))).toEqual([]);
  });

  it("says which side is live now", () => {
    expect(describeChanges(snapshot(), unproven)).toContain("library: green is live now");
  });

  it("says what is wrong with a target in words", () => {
    const messages = describeChanges(unproven, faultAfterSwitch);
    expect(messages).toContain(
      "green: 10.0.2.12 is unhealthy. Its health check answers with an unexpected status code",
    );
    expect(messages).toContain("green: 1 of 2 healthy");
  });

  it("follows a deployment from its start through its stages to its end", () => {
    expect(describeChanges(snapshot(), scaling)).toContain("A deployment to green was started by Olga Operator");
    expect(describeChanges(scaling, waiting)).toContain("Deployment to green: Wait for the switch");
    const done = snapshot({ lastDeployment: deployment("CLEAN_UP", "SUCCEEDED", { status: "SUCCESSFUL" }) });
    expect(describeChanges(waiting, done)).toContain("Deployment to green: done");
  });

  it("says when a source fails and when it answers again", () => {
    const denied = snapshot({
      sources: [
        { name: "ecs", state: "ok", ageMs: 0 },
        { name: "elb", state: "error", ageMs: 0, message: "AccessDenied: DescribeTargetHealth" },
      ],
    });
    expect(describeChanges(snapshot(), denied)).toEqual(["Listener and targets: AccessDenied: DescribeTargetHealth"]);
    expect(describeChanges(denied, snapshot())).toEqual(["Listener and targets: read again"]);
  });
});
