import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { deployment } from "../testing/facts.ts";
import { auditRow } from "../testing/test-rows.ts";
import { type LoggedRollback, openWriteAheadLog } from "./write-ahead-log.ts";

let directory: string;
let path: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "switchyard-late-"));
  path = join(directory, "below", "late.jsonl");
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const rollback = (id: string): LoggedRollback => ({
  id,
  application: "library",
  deployment: deployment({ id, kind: "ROLLBACK", requested: null }),
  turns: null,
  expected: { blue: 0, green: 100 },
  weights: { blue: 100, green: 0 },
  intent: "Set the weights",
  audit: auditRow({ id: `audit-${id}` }),
  outcome: null,
});
const outcome = { at: 5, phase: "done", message: "read back", awsRequestId: "r-1", readBackMs: 9 } as const;

test("what waits is there after a restart, and what is recorded is not", () => {
  const first = openWriteAheadLog(path);
  first.intend(rollback("d-1"));
  first.intend(rollback("d-2"));
  first.settle("d-1", outcome);
  first.recorded("d-2");
  first.keepAudit(auditRow({ id: "a-1" }));
  first.keepAudit(auditRow({ id: "a-2" }));
  first.audited("a-1");
  const second = openWriteAheadLog(path);
  expect(second.waiting("library")).toEqual([{ ...rollback("d-1"), outcome }]);
  expect(second.waiting("another")).toEqual([]);
  expect(second.auditRows().map(({ id }) => id)).toEqual(["a-2"]);
});

test("a line that a crash cut off says nothing, and spoils none after it", () => {
  openWriteAheadLog(path).intend(rollback("d-1"));
  appendFileSync(path, '{"type":"intent","rollback":{"id":"d-cut');
  openWriteAheadLog(path).intend(rollback("d-2"));
  expect(
    openWriteAheadLog(path)
      .waiting()
      .map(({ id }) => id),
  ).toEqual(["d-1", "d-2"]);
});

test("a disk that takes nothing is told, and what waits is kept in memory", () => {
  const errors: unknown[] = [];
  const writeAheadLog = openWriteAheadLog(join(directory, "taken", "late.jsonl"), (error) => errors.push(error));
  appendFileSync(join(directory, "taken"), "");
  writeAheadLog.intend(rollback("d-1"));
  expect(errors).toHaveLength(1);
  expect(writeAheadLog.waiting()).toHaveLength(1);
});
