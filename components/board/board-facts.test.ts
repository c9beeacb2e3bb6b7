import { describe, expect, it } from "vitest";
import { inWords } from "@/components/fixtures/in-words.ts";
import { failed, faultAfterSwitch, scaling, unverified, waiting } from "@/components/fixtures/scenes.ts";
import { deployment, revision, slot, snapshot } from "@/components/fixtures/snapshots.ts";
import { statusSaid, stepSaid } from "@/components/live/stage-words.ts";
import type { Sayer } from "@/components/messages/said.ts";
import type { ShiftStep } from "@/lib/domain/deployment/deployment-plan.ts";
import { plannedSteps } from "@/lib/domain/deployment/shift-steps.ts";
import type { Weights } from "@/lib/domain/observation/traffic.ts";
import { inEnglish } from "@/lib/domain/sentence/in-language.ts";
import { say } from "@/lib/domain/sentence/sentence.ts";
import { agreement } from "./agreement.ts";
import {
  actionFor,
  blockerWords,
  choosePrimaryAction,
  firstRefusal,
  recordedWeights,
  ruleChange,
  stickySaid,
} from "./board-facts.ts";

const english: Sayer = (sentence, otherwise) =>
  typeof sentence === "object" ? inEnglish(sentence) : (otherwise ?? "");

describe("a gradual shift", () => {
  const steps = plannedSteps({ strategy: "CANARY", percent: 5, bakeMinutes: 10 }, "green");
  const first = { ...steps[0], shiftedAt: 1, readBackMs: 5, bakeUntil: 600_000 } as ShiftStep;
  const canary = deployment("PRODUCTION_TRAFFIC_SHIFT", "IN_PROGRESS", {
    rollout: { strategy: "CANARY", percent: 5, bakeMinutes: 10 },
    steps: [first, ...steps.slice(1)],
  });
  const at = (weights: Weights) =>
    snapshot({ deployment: canary, traffic: { ...snapshot().traffic, weights, live: "split" } });

  it("says the step's own weights, agrees with a listener that holds them and with no other", () => {
    const split = at({ blue: 95, green: 5 });
    expect(recordedWeights(split)).toMatchObject({ live: "split", weights: { blue: 95, green: 5 } });
    expect(agreement(split, { tone: "done" }, split.traffic.readAt).state).toBe("agree");
    const moving = at({ blue: 80, green: 20 });
    expect(agreement(moving, { tone: "done" }, moving.traffic.readAt).state).toBe("moving");
  });

  it("is told with its step, and offers nothing but the way back", () => {
    expect(inEnglish(stepSaid(canary) ?? say("live.proving"))).toBe("Canary 5 %, step 1 of 2");
    expect(inEnglish(statusSaid(canary))).toBe("canary 5 %, step 1 of 2");
    expect(choosePrimaryAction(at({ blue: 95, green: 5 }))).toBeNull();
  });
});

describe("the primary action", () => {
  it("is the switch while a release waits for it", () => {
    expect(choosePrimaryAction(waiting)).toEqual({ verb: "switch", to: "green" });
  });

  it("is the switch, inert, while the side still comes up", () => {
    expect(choosePrimaryAction(scaling)).toEqual({ verb: "switch", to: "green" });
    expect(scaling.actions.switch.allowed).toBe(false);
  });

  it("becomes the rollback when the live side has a fault after a switch", () => {
    expect(choosePrimaryAction(faultAfterSwitch)).toEqual({ verb: "rollback", to: "blue" });
  });

  it("is none while a healthy release bakes", () => {
    expect(choosePrimaryAction({ ...faultAfterSwitch, alarms: [] })).toBeNull();
  });

  it("is a new deployment when nothing is under way and the way back is open", () => {
    expect(choosePrimaryAction(unverified)).toEqual({ verb: "deploy" });
    expect(choosePrimaryAction(failed)).toEqual({ verb: "deploy" });
  });

  it("is the switch when another version stands ready on the standby side", () => {
    expect(choosePrimaryAction(snapshot())).toEqual({ verb: "switch", to: "green" });
  });

  it("is a new deployment when both sides run the same", () => {
    const same = snapshot({ slots: { blue: slot("blue"), green: slot("green", { revision: revision("1.0.0", 42) }) } });
    expect(choosePrimaryAction(same)).toEqual({ verb: "deploy" });
  });

  it("does not suggest the version that was just taken back", () => {
    const taken = deployment("BAKE_TIME", "FAILED", { status: "ROLLBACK_SUCCESSFUL" });
    expect(choosePrimaryAction(snapshot({ lastDeployment: taken }))).toEqual({ verb: "deploy" });
    const another = slot("green", { revision: revision("1.4.0", 43) });
    const replaced = snapshot({ lastDeployment: taken, slots: { blue: slot("blue"), green: another } });
    expect(choosePrimaryAction(replaced)).toEqual({ verb: "switch", to: "green" });
  });

  it("is not a rollback for a fault on the standby side", () => {
    const alarm = { severity: "fault", slot: "blue", message: "blue is unhealthy", since: 0 } as const;
    expect(choosePrimaryAction({ ...unverified, alarms: [alarm] })).toEqual({ verb: "deploy" });
  });
});

describe("a person's actions", () => {
  it("are the snapshot's for an operator", () => {
    expect(actionFor(waiting, "switch", "operator")).toBe(waiting.actions.switch);
  });
  it("are refused to a viewer with the role that is missing, before every other reason", () => {
    const state = actionFor(scaling, "switch", "viewer");
    expect(state.allowed).toBe(false);
    expect(state.blockers.map((blocker) => blocker.code)).toEqual(["FORBIDDEN", "STANDBY_NOT_HEALTHY"]);
    expect(firstRefusal(english, state)).toBe("Read-only: your role is viewer. This needs operator");
  });
  it("are refused to somebody without a role", () => {
    expect(firstRefusal(english, actionFor(snapshot(), "deploy", null))).toMatch(/^You have no role yet/);
  });
});

it("say after a stopped release that traffic stayed", () => {
  expect(recordedWeights(failed)?.live).toBe("blue");
});

it("says what a switch does to the rule and who may stay behind", () => {
  expect(inWords(ruleChange({ blue: 100, green: 0 }, "green"))).toBe("blue 100 to green 100");
  expect(inWords(ruleChange({ blue: 50, green: 50 }, "green"))).toBe("blue 50, green 50 to green 100");
  expect(inWords(stickySaid(snapshot(), "blue"))).toBe("none; drain 300 s");
  expect(
    inWords(
      stickySaid(
        snapshot({ slots: { blue: slot("blue", { stickinessSeconds: 3600 }), green: slot("green") } }),
        "blue",
      ),
    ),
  ).toBe("up to 3600 s; drain 300 s");
});

it("joins a blocker with its fix into sentences without doubled stops", () => {
  expect(
    blockerWords(english, { code: "STANDBY_EMPTY", message: "green runs no task.", fix: "Deploy a version first." }),
  ).toBe("green runs no task. Deploy a version first");
});
