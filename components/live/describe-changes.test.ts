import { describe, expect, it } from "vitest";
import { faultAfterSwitch, scaling, unverified, waiting } from "@/components/fixtures/scenes.ts";
import { deployment, snapshot } from "@/components/fixtures/snapshots.ts";
import type { AutomaticRollback } from "@/lib/domain/deployment/automatic-rollback.ts";
import type { Task } from "@/lib/domain/observation/slot.ts";
import { inEnglish } from "@/lib/domain/sentence/in-language.ts";
import { describeChanges } from "./describe-changes.ts";

const changesOf = (...of: Parameters<typeof describeChanges>) => describeChanges(...of).map(inEnglish);

describe("what is announced", () => {
  it("is nothing when only time has passed", () => {
    expect(changesOf(snapshot(), snapshot({ observedAt: 99 }))).toEqual([]);
  });

  it("says which side is live now", () => {
    expect(changesOf(snapshot(), unverified)).toContain("library: green is live now");
  });

  it("says what is wrong with a target in words", () => {
    const messages = changesOf(unverified, faultAfterSwitch);
    expect(messages).toContain(
      "green: 10.0.2.12 is unhealthy. Its health check answers with an unexpected status code",
    );
    expect(messages).toContain("green: 1 of 2 healthy");
  });

  it("says who stopped the line and why, and that it runs again", () => {
    const freeze = {
      id: "f-1",
      application: null,
      reason: "Stocktaking",
      startedBy: "Ada",
      startedAt: 1,
      until: null,
      liftedAt: null,
      liftedBy: null,
    };
    const stopped = snapshot({ freeze });
    expect(changesOf(snapshot(), stopped)).toEqual(["library: deployments are frozen by Ada. Stocktaking"]);
    expect(changesOf(stopped, stopped)).toEqual([]);
    expect(changesOf(stopped, snapshot())).toEqual(["library: deployments are no longer frozen"]);
  });

  it("follows a deployment from its start through its stages to its end", () => {
    expect(changesOf(snapshot(), scaling)).toContain("A deployment to green was started by Olga Operator");
    expect(changesOf(scaling, waiting)).toContain("Deployment to green: Wait for the switch");
    const done = snapshot({ lastDeployment: deployment("CLEAN_UP", "SUCCEEDED", { status: "SUCCESSFUL" }) });
    expect(changesOf(waiting, done)).toContain("Deployment to green: done");
  });

  it("says why tasks stopped that nobody asked to stop", () => {
    const died = { ...snapshot().slots.green.tasks[0], lastStatus: "STOPPED", stoppedAt: 1 } as Task;
    const crash = {
      ...died,
      stopCode: "EssentialContainerExited",
      stoppedReason: "Essential container in task exited",
    };
    const scaledIn = {
      ...died,
      stopCode: "ServiceSchedulerInitiated",
      stoppedReason: "Scaling activity initiated by x",
    };
    const withTask = (task: Task) => {
      const { blue, green } = snapshot().slots;
      return snapshot({ slots: { blue, green: { ...green, tasks: [task, ...green.tasks.slice(1)] } } });
    };
    expect(changesOf(snapshot(), withTask(crash))).toEqual([
      expect.stringMatching(/^green: a task stopped\. .*container exited/i),
    ]);
    expect(changesOf(withTask(crash), withTask(crash))).toEqual([]);
    expect(changesOf(snapshot(), withTask(scaledIn))).toEqual([]);
  });

  it("says why an automatic rollback was made, when it begins and when it is over", () => {
    const message = "green answered 17.1 % of its requests with 5xx (6 of 35), and 5 % is allowed";
    const statusReason = `Rolled back by Switchyard: ${message}`;
    const turned: AutomaticRollback = {
      deploymentId: "dep-1",
      at: 1,
      isOver: false,
      side: "green",
      revision: null,
      message,
      lines: [],
    };
    const going = deployment("BAKE_TIME", "IN_PROGRESS");
    const back = { ...going, status: "ROLLBACK_REQUESTED" as const, statusReason };
    const during = snapshot({ deployment: back, automaticRollback: turned });
    expect(changesOf(snapshot({ deployment: going }), during)).toEqual([
      `Deployment to green: about to roll back. ${statusReason}`,
      `library: rolled back by Switchyard. ${message}`,
    ]);
    const over = { ...back, status: "ROLLBACK_SUCCESSFUL" as const, finishedAt: 2 };
    const after = snapshot({ lastDeployment: over, automaticRollback: { ...turned, isOver: true } });
    expect(changesOf(during, after)).toEqual([`Deployment to green: rolled back. ${statusReason}`]);
  });

  it("says when a source fails and when it answers again", () => {
    const denied = snapshot({
      sources: [
        { name: "ecs", state: "ok", ageMs: 0 },
        { name: "elb", state: "error", ageMs: 0, message: "AccessDenied: DescribeTargetHealth" },
      ],
    });
    expect(changesOf(snapshot(), denied)).toEqual(["Listener and targets: AccessDenied: DescribeTargetHealth"]);
    expect(changesOf(denied, snapshot())).toEqual(["Listener and targets: read again"]);
  });
});
