import { describe, expect, test } from "vitest";
import { deployment, facts, NOW, observation, slot, target } from "../../testing/facts.ts";
import { decide } from "../decide/decide.ts";
import type { Deployment } from "../deployment/deployment.ts";
import { inEnglish } from "../sentence/in-language.ts";
import { BLOCKER_CODES } from "../verb/blocker.ts";
import { canBeOverridden, overrideConsequence, withoutOverridable } from "./override-rules.ts";
import { findSwitchBlockers } from "./switch-rules.ts";

const SETTINGS = { minimumHealthy: null, stableChecks: 3, bakeMinutes: 0, requestLine: null };
const SICK = { targets: [target("a", "unhealthy"), target("b", "unhealthy")] };

test("only judgements about health, errors and drift can be overridden", () => {
  const all = BLOCKER_CODES.map((code) => ({ code, message: code }));
  const left = new Set(withoutOverridable(all).map(({ code }) => code));
  expect(BLOCKER_CODES.filter((code) => !left.has(code))).toEqual([
    "STANDBY_NOT_HEALTHY",
    "STANDBY_NOT_STABLE",
    "STANDBY_FLAPPING",
    "STANDBY_TOO_SMALL",
    "DRIFT_NOT_ACKNOWLEDGED",
    "OLD_SIDE_NOT_HEALTHY",
    "NEW_ERROR_KINDS",
  ]);
});

test("a side without targets stays refused, one whose targets are all sick says what follows", () => {
  const empty = findSwitchBlockers(facts(observation({ green: { targets: [] } })), "green");
  expect(canBeOverridden(empty)).toBe(false);
  const sick = findSwitchBlockers(facts(observation({ green: SICK })), "green");
  expect(canBeOverridden(sick)).toBe(true);
  expect(inEnglish(overrideConsequence(slot("green", SICK)))).toContain("fails open");
  expect(canBeOverridden([])).toBe(false);
});

describe("at the moment of the write", () => {
  const asked = (override?: Deployment["override"]): Deployment => ({
    ...deployment({ kind: "SWITCH", requested: null }),
    ...(override ? { override } : {}),
  });
  const override: NonNullable<Deployment["override"]> = {
    to: "green",
    actor: { id: "a", name: "a", via: "session" },
    reason: "r",
    blockers: [],
    at: NOW,
  };
  const decided = (one: Deployment, green: object) =>
    decide(one, { observation: observation({ green }), settings: SETTINGS, now: NOW });

  test("a sick side is shifted to only with an override for it", () => {
    expect(decided(asked(), SICK)).toMatchObject({ kind: "change", deployment: { status: "STOPPED" } });
    expect(decided(asked(override), SICK)).toMatchObject({ kind: "step", step: { type: "shift", to: "green" } });
    expect(decided(asked({ ...override, to: "blue" }), SICK)).toMatchObject({ kind: "change" });
  });

  test("an empty side is not, whatever was overridden", () => {
    expect(decided(asked(override), { targets: [] })).toMatchObject({
      kind: "change",
      deployment: { status: "STOPPED" },
    });
  });
});
