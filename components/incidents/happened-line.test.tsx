import { expect, test } from "vitest";
import { markupOf } from "@/components/fixtures/in-language.tsx";
import { NOW } from "@/components/fixtures/snapshots.ts";
import { ClockProvider } from "@/components/ui/clock.tsx";
import type { Deployment } from "@/lib/domain/deployment/deployment.ts";
import { deploymentRow, finishedRow } from "@/lib/testing/test-rows.ts";
import { HappenedLine } from "./happened-line.tsx";

const render = (last: Deployment | null) =>
  markupOf(
    <ClockProvider serverNow={NOW}>
      <HappenedLine application="library" last={last} />
    </ClockProvider>,
    "ko",
  );
const turned = deploymentRow({ id: "d-9", status: "ROLLBACK_SUCCESSFUL", finishedAt: NOW - 60_000 });

test("leads from the board to what has just gone wrong, and is gone an hour later", () => {
  expect(render(turned)).toContain('href="/library/incidents/i-d-9"');
  expect(render(turned)).toContain("무슨 일이 있었나");
  expect(render({ ...turned, finishedAt: NOW - 61 * 60_000 })).toBe("");
});

test("says nothing of what went well, and nothing where nothing was deployed", () => {
  expect(render(finishedRow("d-1", NOW - 60_000))).toBe("");
  expect(render(null)).toBe("");
});
