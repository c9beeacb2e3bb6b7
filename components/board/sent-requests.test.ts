import fc from "fast-check";
import { expect, test } from "vitest";
import { inWords } from "@/components/fixtures/in-words.ts";
import { forgetSent, type KeptIn, keepSent, outcomeOf, outcomeSaid, readSent } from "./sent-requests.ts";

const NOW = Date.UTC(2026, 10, 23, 12, 0, 0);
const sent = (key: string, at = NOW) => ({ key, name: "Switch to green", at });

function storage(): KeptIn & { kept: Map<string, string> } {
  const kept = new Map<string, string>();
  return {
    kept,
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, value) => void kept.set(name, value),
    removeItem: (name) => void kept.delete(name),
  };
}

test("what was sent is found again until its answer is known, each application's own", () => {
  const place = storage();
  keepSent(place, "library", sent("one"));
  keepSent(place, "library", sent("two"));
  keepSent(place, "shop", sent("three"));
  forgetSent(place, "library", "one", NOW);
  expect(readSent(place, "library", NOW).map(({ key }) => key)).toEqual(["two"]);
  forgetSent(place, "library", "two", NOW);
  expect(place.kept.size).toBe(1);
});

test("after an hour nobody is told any more", () => {
  const place = storage();
  keepSent(place, "library", sent("old", NOW - 61 * 60_000));
  expect(readSent(place, "library", NOW)).toEqual([]);
});

test("whatever stands in the storage is read without an error", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      const place = storage();
      place.setItem("switchyard:sent:library", text);
      for (const each of readSent(place, "library", NOW)) expect(typeof each.key).toBe("string");
    }),
  );
});

test("a storage that refuses keeps nothing and breaks nothing", () => {
  const refuse = () => {
    throw new Error("QuotaExceededError");
  };
  const place: KeptIn = { getItem: refuse, setItem: refuse, removeItem: refuse };
  keepSent(place, "library", sent("one"));
  expect(readSent(place, "library", NOW)).toEqual([]);
});

test.each([
  ["d-1", 1, "done"],
  ["d-1", 60_000, "done"],
  [null, 1000, "asking"],
  [null, 16_000, "unknown"],
  [undefined, 16_000, "asking"],
] as const)("found %j, %i ms after it was sent: %s", (found, ms, state) => {
  expect(outcomeOf(sent("one"), found, NOW + ms).state).toBe(state);
});

test("nothing is called not done before Switchyard was asked", () => {
  expect(inWords(outcomeSaid(sent("one"), { state: "asking" })).fix).toContain("may still be carried out");
  expect(inWords(outcomeSaid(sent("one"), { state: "unknown" })).message).toBe("Switch to green was not carried out");
});
