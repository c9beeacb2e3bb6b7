import { describe, expect, test } from "vitest";
import { deployment, facts, NOW, observation } from "../../testing/facts.ts";
import type { MaintenanceWindow } from "../application/maintenance-window.ts";
import { actionStates } from "./action-rules.ts";
import { findClosedBlocker } from "./maintenance-window.ts";

const NIGHTS: MaintenanceWindow = {
  kind: "quietHours",
  name: "nights",
  from: NOW - 3_600_000,
  until: NOW + 3_600_000,
  timeZone: "Europe/Berlin",
};

describe("quiet hours and freeze windows", () => {
  test.each<[string, MaintenanceWindow, string, string]>([
    ["quiet hours", NIGHTS, "QUIET_HOURS", "Quiet hours nights, until 2027-01-15 10:00 Europe/Berlin"],
    [
      "a freeze window",
      { ...NIGHTS, kind: "freezeWindow", name: "year end", timeZone: "Asia/Seoul" },
      "FREEZE_WINDOW",
      "Freeze window year end, until 2027-01-15 18:00 Asia/Seoul",
    ],
    ["one without an end", { ...NIGHTS, until: null }, "QUIET_HOURS", "Quiet hours nights, with no known end"],
  ])("%s is named with its end, in its own zone", (_what, period, code, message) => {
    expect(findClosedBlocker(period)).toMatchObject({ code, message });
  });

  test("outside of all nothing is in the way", () => {
    expect(findClosedBlocker(null)).toBeNull();
    expect(findClosedBlocker(undefined)).toBeNull();
  });

  const live = observation({ weights: { blue: 0, green: 100 } });
  const moved = deployment({ kind: "SWITCH", requested: null });
  const switched = {
    ...moved,
    status: "SUCCESSFUL" as const,
    finishedAt: NOW,
    plan: moved.plan && {
      ...moved.plan,
      shift: { to: "green" as const, expected: { blue: 100, green: 0 }, sentAt: NOW, readBackMs: 1 },
    },
  };

  test("nothing goes forward in them, and back it does", () => {
    const states = actionStates(facts(live, { history: [switched], closed: NIGHTS }));
    const codes = (verb: keyof typeof states) => states[verb].blockers.map((blocker) => blocker.code);
    expect(codes("deploy")).toContain("QUIET_HOURS");
    expect(actionStates(facts(observation(), { closed: NIGHTS })).switch.blockers.map(({ code }) => code)).toEqual([
      "QUIET_HOURS",
    ]);
    expect(codes("rollback")).toEqual([]);
    expect(states.rollback.allowed).toBe(true);
  });
});
