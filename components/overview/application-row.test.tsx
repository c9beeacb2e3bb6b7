import { expect, test } from "vitest";
import { markupOf } from "@/components/fixtures/in-language.tsx";
import { NOW, slot, snapshot } from "@/components/fixtures/snapshots.ts";
import { summaryOf } from "@/lib/domain/snapshot/summary.ts";
import { ApplicationRow } from "./application-row.tsx";

function rowWith(agesMs: { blue?: number; green?: number }, language?: "en" | "ko"): string {
  const side = (color: "blue" | "green") => {
    const ageMs = agesMs[color];
    return slot(color, ageMs === undefined ? {} : { targetsReadAt: NOW - ageMs });
  };
  const shown = summaryOf(snapshot({ observedAt: NOW, slots: { blue: side("blue"), green: side("green") } }));
  const markup = markupOf(
    <table>
      <tbody>
        <ApplicationRow snapshot={shown} />
      </tbody>
    </table>,
    language,
  );
  return markup.replace(/<[^>]+>/g, " ").replace(/\s+/g, " ");
}

test("target health that is older than the rest of its row says how old it is, and only that", () => {
  const text = rowWith({ blue: 70_000, green: 3000 });
  expect(text.match(/healthy \d+ \S+ ago/g)).toHaveLength(1);
  expect(rowWith({})).not.toContain("ago");
});

test("the same in Korean", () => {
  expect(rowWith({ blue: 70_000 }, "ko")).toMatch(/전 \d+개 중 \d+개 정상/);
});
