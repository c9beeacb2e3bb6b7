import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { inEnglish } from "../sentence/in-language.ts";
import type { Sentence } from "../sentence/sentence.ts";
import { compareErrorKinds, FALSE_ALARMS, onlyHereSaid, sidesOf } from "./error-kinds.ts";
import type { LogLine } from "./log-line.ts";
import type { SlotColor } from "./slot.ts";

const wordsOf = (said: Sentence | null) => said && inEnglish(said);

let id = 0;
const line = (slot: SlotColor, text: string, at = 1000, level: LogLine["level"] = "error"): LogLine => ({
  id: `${id++}`,
  at,
  slot,
  taskId: "t",
  stream: "s",
  level,
  text,
});
const times = (count: number, slot: SlotColor, text: string) =>
  Array.from({ length: count }, (_, n) => line(slot, text, 1000 * (n + 1)));
const sides = (lines: LogLine[], blue: number, green: number) => {
  const found = sidesOf(lines, null);
  return { blue: { ...found.blue, exposure: blue }, green: { ...found.green, exposure: green } };
};
const names = (kinds: { signature: string }[]) => kinds.map(({ signature }) => signature);

describe("compareErrorKinds", () => {
  test("ten errors of a side with half of the traffic are its own, two may be luck", () => {
    const found = compareErrorKinds(
      sides([...times(10, "green", "boom"), ...times(2, "green", "rare")], 500, 500),
      "green",
    );
    expect(names(found.onlyHere)).toEqual(["boom"]);
    expect(names(found.maybe)).toEqual(["rare"]);
  });

  test("a canary's few errors say more than the same few of a side with nearly all of the traffic", () => {
    const errors = times(3, "green", "boom");
    expect(names(compareErrorKinds(sides(errors, 950, 50), "green").onlyHere)).toEqual(["boom"]);
    expect(names(compareErrorKinds(sides(errors, 50, 950), "green").onlyHere)).toEqual([]);
  });

  test("an error of both sides is told where it is far more frequent for what each served, and only there", () => {
    const both = [...times(10, "blue", "slow"), ...times(12, "green", "slow")];
    expect(names(compareErrorKinds(sides(both, 900, 100), "green").moreHere)).toEqual(["slow"]);
    expect(names(compareErrorKinds(sides(both, 500, 500), "green").moreHere)).toEqual([]);
    const [kind] = compareErrorKinds(sides(both, 900, 100), "green").moreHere;
    // Of 22 at least 12 with a chance of a tenth each.
    expect(kind?.chance).toBeCloseTo(2.462e-7, 9);
  });

  test("what one task writes within a second counts once for its chance, and with every line for its number", () => {
    const burst = Array.from({ length: 50 }, (_, n) => line("green", "boom", 1000 + n));
    const found = compareErrorKinds(sides(burst, 500, 500), "green");
    expect([names(found.onlyHere), names(found.maybe)]).toEqual([[], ["boom"]]);
    expect(found.maybe[0]).toMatchObject({ counts: { blue: 0, green: 50 }, chance: 0.5 });
  });

  test("what only the old side wrote is gone", () => {
    expect(names(compareErrorKinds(sides(times(12, "blue", "old"), 500, 500), "green").gone)).toEqual(["old"]);
    expect(names(compareErrorKinds(sides(times(2, "blue", "old"), 500, 500), "green").gone)).toEqual([]);
  });

  test("a side that served nothing says nothing of the other", () => {
    const found = compareErrorKinds(sides(times(100, "green", "boom"), 0, 500), "green");
    expect(names(found.onlyHere)).toEqual([]);
    expect(names(found.maybe)).toEqual(["boom"]);
  });

  test("equal sides are told apart in at most one of a hundred looks, however many kinds there are", () => {
    // A generator of its own: the same looks in every run.
    let state = 42;
    const random = () => {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
      return state / 2_147_483_648;
    };
    let alarms = 0;
    const looks = 1500;
    for (let look = 0; look < looks; look++) {
      const share = 0.1 + 0.8 * random();
      const lines = Array.from({ length: 20 }, (_, kind) =>
        Array.from({ length: 1 + Math.floor(random() * 15) }, (_, n) =>
          line(random() < share ? "green" : "blue", `kind ${"abcdefghijklmnopqrst"[kind]}`, 1000 * n),
        ),
      ).flat();
      const { onlyHere, moreHere } = compareErrorKinds(sides(lines, 1000 * (1 - share), 1000 * share), "green");
      if (onlyHere.length + moreHere.length > 0) alarms++;
    }
    expect(alarms / looks).toBeLessThanOrEqual(FALSE_ALARMS);
  });

  test("every kind of error is in at most one list, with a chance between 0 and 1", () => {
    const some = fc.array(fc.tuple(fc.constantFrom<SlotColor>("blue", "green"), fc.constantFrom("a", "b", "c")), {
      maxLength: 80,
    });
    fc.assert(
      fc.property(some, fc.nat(1000), fc.nat(1000), (lines, blue, green) => {
        const found = compareErrorKinds(
          sides(
            lines.map(([slot, text]) => line(slot, text)),
            blue,
            green,
          ),
          "green",
        );
        const all = [...found.onlyHere, ...found.maybe, ...found.moreHere, ...found.gone];
        expect(new Set(names(all)).size).toBe(all.length);
        for (const { chance } of all) expect(chance >= 0 && chance <= 1).toBe(true);
      }),
    );
  });
});

test("says it in one line", () => {
  const clock = (at: number) => new Date(at).toISOString().slice(11, 19);
  const words = (lines: LogLine[], blue = 500, green = 500) =>
    wordsOf(onlyHereSaid(compareErrorKinds(sides(lines, blue, green), "green"), clock));
  expect(words([])).toBeNull();
  const many = ["a", "b", "c"].flatMap((text) => times(20, "green", text));
  expect(words(many)).toBe("3 error kinds only in green, first 00:00:01");
  expect(words([...many, line("green", "d", 9000)])).toBe(
    "4 error kinds only in green, first 00:00:01; 1 of them too seldom to tell from chance",
  );
  expect(words([line("green", "d", 9000)])).toBe(
    "1 error kind only in green, first 00:00:09; too seldom to tell from chance",
  );
});

test("requests are what errors are measured against, where lines tell them", () => {
  const lines = [
    line("blue", "GET /a 200", 1, "info"),
    line("blue", "GET /a 200", 2, "info"),
    line("green", "noise", 3, "info"),
  ];
  expect(sidesOf(lines, (text) => text.startsWith("GET")).blue.exposure).toBe(2);
  expect(sidesOf(lines, (text) => text.startsWith("GET")).green.exposure).toBe(0);
  expect(sidesOf(lines, null).green.exposure).toBe(1);
});
