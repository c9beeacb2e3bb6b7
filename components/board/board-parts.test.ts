import { describe, expect, it } from "vitest";
import { inWords } from "@/components/fixtures/in-words.ts";
import { scaling, waiting } from "@/components/fixtures/scenes.ts";
import { deployment, NOW, snapshot, target, task } from "@/components/fixtures/snapshots.ts";
import { inEnglish } from "@/lib/domain/sentence/in-language.ts";
import { receiptFacts } from "@/lib/domain/snapshot/receipt.ts";
import { proofSides } from "./proof-lines.tsx";
import { describeReceiptChanges } from "./receipt-changes.ts";
import { RIBBON_MS, ribbonCells, unhealthyMs } from "./ribbon-cells.ts";
import { joinTasks } from "./task-rows.ts";
import { timelineOf } from "./timeline.ts";

describe("the ribbon", () => {
  it("shows nothing before the target was there, then the worst of each cell", () => {
    const history = [
      { at: NOW - 60_000, state: "initial" },
      { at: NOW - 45_000, state: "healthy" },
      { at: NOW - 20_000, state: "unhealthy" },
      { at: NOW - 16_000, state: "healthy" },
    ] as const;
    const cells = ribbonCells(history, NOW, 60);
    expect(cells.slice(0, 56).every((cell) => cell === "none")).toBe(true);
    expect(cells.slice(56)).toEqual(["starting", "healthy", "unhealthy", "healthy"]);
    expect(unhealthyMs(history, NOW)).toBe(4000);
  });

  it("is healthy throughout for a target that has been healthy for days", () => {
    expect(new Set(ribbonCells([{ at: NOW - 6 * 86_400_000, state: "healthy" }], NOW))).toEqual(new Set(["healthy"]));
  });

  it("counts only what was unhealthy within its time", () => {
    expect(unhealthyMs([{ at: NOW - 2 * RIBBON_MS, state: "unhealthy" }], NOW)).toBe(RIBBON_MS);
  });
});

describe("tasks and targets", () => {
  it("stand in one row where their address is the same", () => {
    const { rows } = joinTasks(waiting.slots.green);
    expect(rows.map((row) => [row.task?.address, row.target?.id])).toEqual([
      ["10.0.2.11", "10.0.2.11"],
      ["10.0.2.12", "10.0.2.12"],
    ]);
  });

  it("are both kept where the other is missing, stopped tasks apart", () => {
    const { rows, stopped } = joinTasks(scaling.slots.green);
    expect(rows.map((row) => [row.task?.id ?? null, row.target?.id ?? null])).toEqual([
      ["0a8d44b9f1", "10.0.2.11"],
      ["77c2e91fc3", null],
      [null, "10.0.2.14"],
    ]);
    expect(stopped.map((each) => each.id)).toEqual(["d00dfeed11"]);
  });

  it("stand in one row on an instance by its port, each target of a task with a row", () => {
    const host = "i-0a1b2c3d4e5f60001";
    const web = { name: "web", lastStatus: "RUNNING", hostPorts: [32_768, 32_769] };
    const onHost = { ...task("a", "-"), address: null, containerInstance: "arn", instanceId: host, containers: [web] };
    const targets = [32_769, 32_770, 32_768].map((port) => ({ ...target(host), port }));
    expect(joinTasks({ tasks: [onHost], targets }).rows.map((row) => [row.task?.id, row.target?.port])).toEqual([
      ["a", 32_768],
      ["a", 32_769],
      [undefined, 32_770],
    ]);
  });

  it("do not share a target between two tasks of one address", () => {
    const { rows } = joinTasks({
      tasks: [task("a", "10.0.0.1"), task("b", "10.0.0.1")],
      targets: [target("10.0.0.1")],
    });
    expect(rows.filter((row) => row.target).length).toBe(1);
  });
});

describe("the timeline", () => {
  it("leaves out what is skipped and joins the stages of scaling up", () => {
    const steps = timelineOf(deployment("PRE_PRODUCTION_TRAFFIC_SHIFT", "AWAITING_ACTION"));
    expect(steps.map((step) => [inEnglish(step.name), step.status])).toEqual([
      ["Scale up", "SUCCEEDED"],
      ["Your switch", "AWAITING_ACTION"],
      ["Production traffic", "PENDING"],
      ["Verification", "PENDING"],
      ["Bake", "PENDING"],
    ]);
    expect((steps[0]?.finishedAt ?? 0) - (steps[0]?.startedAt ?? 0)).toBe(60_000);
  });

  it("counts the approvals where people have to approve", () => {
    const waiting = deployment("PRE_PRODUCTION_TRAFFIC_SHIFT", "AWAITING_ACTION");
    const rule = { approvers: 2, requesterMayApprove: false, timeLimitMinutes: 60, onTimeLimit: "ROLLBACK" } as const;
    const from = { roles: ["approver" as const], addresses: [], claims: [] };
    const approval = { ...rule, from, state: "waiting", given: 1, expiresAt: 1, subject: null } as const;
    expect(timelineOf({ ...waiting, approval }).map(({ name }) => inEnglish(name))[1]).toBe("Approval, 1 of 2");
  });

  it("goes on while the next of its stages has not begun", () => {
    const between = deployment("SCALE_UP", "SUCCEEDED");
    expect(timelineOf(between)[0]).toMatchObject({ status: "IN_PROGRESS", finishedAt: null });
  });
});

describe("an outdated receipt", () => {
  const before = receiptFacts(snapshot(), "green");
  it("names everything that moved", () => {
    const after = { ...before, weights: { blue: 50, green: 50 }, healthy: { blue: 2, green: 1 } };
    expect(inWords(describeReceiptChanges(before, after))).toEqual([
      "The rule held blue 100, green 0; it holds blue 50, green 50",
      "green had 2 healthy targets; it has 1",
    ]);
  });
  it("says so when nothing but time has passed", () => {
    expect(inWords(describeReceiptChanges(before, before))).toEqual(["The receipt was too old"]);
  });
});

describe("the sides of a verification", () => {
  it("are those of the deployment, and the other way round once it was turned", () => {
    const forward = deployment("BAKE_TIME", "IN_PROGRESS");
    expect(proofSides(forward)).toEqual({ to: "green", from: "blue" });
    expect(proofSides({ ...forward, status: "ROLLBACK_SUCCESSFUL" })).toEqual({ to: "blue", from: "green" });
  });
});
