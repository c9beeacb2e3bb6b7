import { describe, expect, test } from "vitest";
import { errorsOfGreen } from "../../testing/error-lines.ts";
import { deployment, facts, NOW, observation } from "../../testing/facts.ts";
import type { ErrorKindChecks } from "../application/checks.ts";
import { DEFAULT_CHECKS } from "../application/checks.ts";
import { advance } from "../deployment/deployment-transitions.ts";
import { COMPARED_STALE_MS, type ComparedErrors } from "../observation/compared-errors.ts";
import { say } from "../sentence/sentence.ts";
import { findAlarms } from "./alarms.ts";
import type { RuleFacts } from "./rule-facts.ts";
import { findSwitchBlockers } from "./switch-rules.ts";

const ASKED: ErrorKindChecks = { atLeast: 1, blockSwitch: true, rollBack: false };
let waiting = deployment();
while (waiting.stage !== "PRE_PRODUCTION_TRAFFIC_SHIFT") waiting = advance(waiting, NOW);

/** A release that waits for its switch, with so many errors of green alone. */
function world(errorKinds: ErrorKindChecks | null, count: number, compared: Partial<ComparedErrors> = {}): RuleFacts {
  const found = errorsOfGreen(count, -1000);
  const look = { ...observation(), errorKinds: { at: NOW, about: waiting.id, look: 1, found, why: null, ...compared } };
  const known = facts(look, { deployment: waiting });
  return { ...known, application: { ...known.application, checks: { ...DEFAULT_CHECKS, errorKinds } } };
}

describe("a switch to a side with errors of its own", () => {
  test("is refused where that is asked for, with how many and since when", () => {
    const [first, ...more] = findSwitchBlockers(world(ASKED, 20), "green");
    expect(more).toEqual([]);
    expect(first).toMatchObject({
      code: "NEW_ERROR_KINDS",
      message: expect.stringMatching(/^1 error kind is only in green.*, and 0 are allowed$/),
      fix: "Read green's errors; the switch may go on once they no longer differ from the other side's",
    });
  });

  test.each<[string, ErrorKindChecks | null, number, Partial<ComparedErrors>]>([
    ["is not refused unless asked for", null, 5000, {}],
    ["nor where they only roll back", { ...ASKED, blockSwitch: false, rollBack: true }, 20, {}],
    ["nor for fewer kinds than are asked for", { ...ASKED, atLeast: 2 }, 20, {}],
    ["nor for what may be luck", ASKED, 3, {}],
    ["nor for an old comparison", ASKED, 20, { at: NOW - COMPARED_STALE_MS - 1 }],
    ["nor for another deployment's", ASKED, 20, { about: "another" }],
    ["nor where the log did not answer", ASKED, 20, { found: null }],
  ])("%s", (_what, asked, count, compared) => {
    expect(findSwitchBlockers(world(asked, count, compared), "green")).toEqual([]);
  });
});

describe("that error kinds are not known", () => {
  const told = (facts: RuleFacts) => findAlarms(facts).map(({ message }) => message);
  const UNKNOWN = "Error kinds of green are not known: they block no switch and roll nothing back";

  test("is told where they count, with AWS's reason where there is one", () => {
    expect(told(world(ASKED, 0))).toEqual([]);
    expect(told(world(ASKED, 0, { at: NOW - COMPARED_STALE_MS - 1 }))).toEqual([UNKNOWN]);
    const why = say("awsError.silent", { seconds: 20 });
    expect(told(world(ASKED, 0, { found: null, why }))[0]).toMatch(
      /^Error kinds of green are not known, so they .*20 s/,
    );
  });

  test("is nobody's business where they do not count", () => {
    expect(told(world(null, 0, { at: 0, found: null }))).toEqual([]);
  });
});
