import fc from "fast-check";
import { expect, test } from "vitest";
import { countPeople, isSamePerson, namesOf, type Somebody } from "./person.ts";

const KIM: Somebody = { id: "kim@example.com", people: ["https://login.example.com|1"] };

test.each<[string, Somebody, boolean]>([
  ["the same address in another case", { id: "Kim@Example.com" }, true],
  [
    "a changed address of the same subject",
    { id: "kim.lee@example.com", people: ["https://login.example.com|1"] },
    true,
  ],
  ["a token that Kim made", { id: "token:t-1", people: ["KIM@example.com"] }, true],
  ["a subject that differs in case", { id: "1", people: ["https://login.example.com|1".toUpperCase()] }, false],
  ["the same subject of another issuer", { id: "1", people: ["https://other.example.com|1"] }, false],
  ["somebody else", { id: "lee@example.com" }, false],
])("%s: %j is Kim: %s", (_, other, isSame) => {
  expect(isSamePerson(KIM, other)).toBe(isSame);
  expect(isSamePerson(other, KIM)).toBe(isSame);
});

test("people who share a name with a third are one, in whatever order they come", () => {
  const name = fc.constantFrom("a", "b", "c", "d", "e");
  const somebody = fc.record({ id: name, people: fc.array(name, { maxLength: 2 }) });
  fc.assert(
    fc.property(fc.array(somebody, { maxLength: 6 }), (all) => {
      const count = countPeople(all);
      expect(countPeople(all.toReversed())).toBe(count);
      expect(count).toBeLessThanOrEqual(new Set(all.flatMap(namesOf)).size);
      if (all.length > 0) expect(countPeople([...all, { id: "new", people: all.flatMap(namesOf) }])).toBe(1);
    }),
  );
});
