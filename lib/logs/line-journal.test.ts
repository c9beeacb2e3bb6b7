import fc from "fast-check";
import { expect, test } from "vitest";
import { LineJournal } from "./line-journal.ts";

test("keeps what comes together whole, however much it is, until more comes", () => {
  const journal = new LineJournal({ lines: 2, characters: 10 });
  const line = (at: number) => ({ at, text: "xxxx" });
  journal.append([line(1), line(2), line(3)]);
  expect([journal.start, journal.end]).toEqual([0, 3]);
  journal.append([line(4)]);
  expect([journal.start, journal.end, journal.lastGoneAt]).toEqual([2, 4, 2]);
  expect(journal.at(1)).toBeUndefined();
  expect(journal.at(2)).toEqual(line(3));
});

test("whatever comes, numbers stay, bounds hold for all but the newest batch, and nothing in between is lost", () => {
  const batches = fc.array(fc.array(fc.nat(30), { maxLength: 40 }), { maxLength: 60 });
  fc.assert(
    fc.property(batches, (all) => {
      const journal = new LineJournal({ lines: 50, characters: 300 });
      const written: { at: number; text: string }[] = [];
      for (const batch of all) {
        const lines = batch.map((length, index) => ({ at: written.length + index, text: "x".repeat(length) }));
        journal.append(lines);
        written.push(...lines);
        const kept = written.slice(journal.start);
        expect(journal.end).toBe(written.length);
        expect(kept.map((_, index) => journal.at(journal.start + index))).toEqual(kept);
        const older = kept.slice(0, Math.max(0, kept.length - lines.length));
        expect(older.length).toBeLessThanOrEqual(50);
        expect(older.reduce((sum, each) => sum + each.text.length, 0)).toBeLessThanOrEqual(300);
      }
    }),
  );
});
