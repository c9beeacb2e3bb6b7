import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readTemplates } from "../log/signature-corpus.ts";
import {
  COMPARED_STALE_MS,
  type ComparedErrors,
  comparisonOf,
  countedKinds,
  surelyNewKinds,
} from "./compared-errors.ts";
import { compareErrorKinds, FALSE_ALARMS, sidesOf } from "./error-kinds.ts";
import { replayLooks, seededRandom } from "./error-replays.ts";
import type { LogLine } from "./log-line.ts";

const CHECKS = { atLeast: 1, blockSwitch: true, rollBack: true };
const NOW = 1_800_000_000_000;

/** Errors of green alone, a second apart. */
function only(count: number, text = "boom") {
  const lines = Array.from(
    { length: count },
    (_, n): LogLine => ({ id: "", at: n * 1000, slot: "green", taskId: "t", stream: "s", level: "error", text }),
  );
  const sides = sidesOf(lines, null);
  sides.blue.exposure = sides.green.exposure = 1000;
  return compareErrorKinds(sides, "green");
}

describe("what counts", () => {
  test("as many kinds as are asked for, and not before", () => {
    expect(countedKinds(only(8), CHECKS)).toHaveLength(1);
    expect(countedKinds(only(8), { ...CHECKS, atLeast: 2 })).toEqual([]);
  });

  test("a comparison of another deployment, an old one and none say nothing", () => {
    const compared: ComparedErrors = { at: NOW, about: "d-1", look: 1, found: only(8), why: null };
    expect(comparisonOf(compared, "d-1", NOW + COMPARED_STALE_MS)?.found).toBe(compared.found);
    expect(comparisonOf(compared, "d-1", NOW + COMPARED_STALE_MS + 1)).toBeNull();
    expect(comparisonOf(compared, "d-2", NOW)).toBeNull();
    expect(comparisonOf({ ...compared, found: null }, "d-1", NOW)).toBeNull();
    expect(comparisonOf(undefined, "d-1", NOW)).toBeNull();
  });

  test("what acts by itself asks for more the more often it has looked, and not for what ended before", () => {
    expect(surelyNewKinds({ found: only(8), look: 1 }, CHECKS, 0)).toHaveLength(1);
    expect(surelyNewKinds({ found: only(8), look: 10 }, CHECKS, 0)).toEqual([]);
    expect(surelyNewKinds({ found: only(14), look: 10 }, CHECKS, 0)).toHaveLength(1);
    expect(surelyNewKinds({ found: only(14), look: 10 }, CHECKS, 13_001)).toEqual([]);
  });
});

test("of deployments of the same version at most one in a hundred is turned round by chance, however often it is looked", () => {
  const templates = readTemplates(
    readFileSync(new URL("../log/signature-templates.txt", import.meta.url), "utf8"),
  ).slice(0, 4);
  let turned = 0;
  let byLooksAlone = 0;
  const replays = 150;
  for (let seed = 1; seed <= replays; seed++) {
    const share = [0.05, 0.1, 0.5, 0.9, 1][seed % 5] ?? 1;
    const looks = [...replayLooks({ templates, share, minutes: 10, random: seededRandom(seed * 7) })];
    if (looks.some((each) => surelyNewKinds(each, CHECKS, each.since).length > 0)) turned++;
    if (looks.some(({ found }) => countedKinds(found, CHECKS).length > 0)) byLooksAlone++;
  }
  expect(turned / replays).toBeLessThanOrEqual(FALSE_ALARMS);
  // One look's bound does not hold for twenty: without the correction this test fails.
  expect(byLooksAlone / replays).toBeGreaterThan(FALSE_ALARMS);
});
