import { expect, test } from "vitest";
import { markupOf } from "@/components/fixtures/in-language.tsx";
import { NOW, slot, snapshot } from "@/components/fixtures/snapshots.ts";
import type { Slot } from "@/lib/domain/observation/slot.ts";
import { summaryOf } from "@/lib/domain/snapshot/summary.ts";
import { ApplicationRow } from "./application-row.tsx";

function rowWith(agesMs: { blue?: number; green?: number }, language?: "en" | "ko"): string {
  const side = (color: "blue" | "green") => {
    const ageMs = agesMs[color];
    return slot(color, ageMs === undefined ? {} : { targetsReadAt: NOW - ageMs });
  };
  return rowOf(side("blue"), side("green"), language);
}

function rowOf(blue: Slot, green: Slot, language?: "en" | "ko"): string {
  const shown = summaryOf(snapshot({ observedAt: NOW, slots: { blue, green } }));
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

test("a side whose target health was not read yet is told by what runs, and is not called short", () => {
  const unread = {
    targetsReadAt: undefined,
    targets: [],
    counts: { desired: 2, running: 2, pending: 0, healthy: 0, total: 0 },
  };
  const text = rowOf(slot("blue", unread), slot("green"));
  expect(text).toContain("2 of 2 running, target health not read yet");
  expect(text).not.toContain("0 of 2 healthy");
  expect(text.match(/2 of 2 healthy/g)).toHaveLength(1);
  expect(rowOf(slot("blue", unread), slot("green"), "ko")).toContain("2개 중 2개 실행 중, 대상 상태는 아직 읽지 않음");
});
