import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { AuditRow } from "../domain/audit/audit.ts";
import { startAuditRetention } from "./audit-retention.ts";

const DAY_MS = 24 * 60 * 60_000;
const NOW = 1_800_000_000_000;
let pruned: number[];
let rows: AuditRow[];
let answer: () => Promise<number>;
beforeEach(() => {
  vi.useFakeTimers();
  pruned = [];
  rows = [];
  answer = async () => 3;
});
afterEach(() => vi.useRealTimers());

const start = (keepDays: number | null) =>
  startAuditRetention({
    store: {
      pruneAudit(before) {
        pruned.push(before);
        return answer();
      },
      appendAudit: async (row) => void rows.push(row),
    },
    keepDays,
    keys: ["a-key"],
    now: () => NOW,
  });

test("prunes what is older than it is kept, again and again, and says in the audit that it did", async () => {
  const retention = start(400);
  await vi.advanceTimersByTimeAsync(DAY_MS);
  expect(pruned.length).toBeGreaterThan(2);
  expect(new Set(pruned)).toEqual(new Set([NOW - 400 * DAY_MS]));
  expect(rows[0]).toMatchObject({ action: "audit.pruned", via: "engine", message: expect.stringContaining("3 rows") });
  await retention.stop();
  const count = pruned.length;
  await vi.advanceTimersByTimeAsync(DAY_MS);
  expect(pruned).toHaveLength(count);
});

test("says nothing when nothing was due, and a failure ends nothing", async () => {
  answer = async () => 0;
  const retention = start(30);
  await vi.advanceTimersByTimeAsync(DAY_MS);
  expect(rows).toEqual([]);
  answer = () => Promise.reject(new Error("Row 3 of the audit: it does not follow"));
  const count = pruned.length;
  await vi.advanceTimersByTimeAsync(DAY_MS);
  expect(pruned.length).toBeGreaterThan(count);
  await retention.stop();
});

test("keeps everything where it is told to", async () => {
  const retention = start(null);
  await vi.advanceTimersByTimeAsync(10 * DAY_MS);
  expect(pruned).toEqual([]);
  await retention.stop();
});
