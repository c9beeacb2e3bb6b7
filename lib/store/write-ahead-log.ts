import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import type { AuditRow } from "../domain/audit/audit.ts";
import type { LateOutcome, LateRollback } from "../domain/late/late-rollback.ts";

/** A rollback that the database does not know yet, with its audit row as it would have been written; null where it has one. */
export type LoggedRollback = LateRollback & { audit: AuditRow | null };

type Line =
  | { type: "intent"; rollback: LoggedRollback }
  | { type: "outcome"; id: string; outcome: LateOutcome }
  | { type: "recorded"; id: string }
  | { type: "audit"; row: AuditRow }
  | { type: "audited"; id: string };

/** More than people do by hand in an outage; the log has every row that did not get in. */
const MOST_AUDIT_ROWS = 1_000;

/** Rollbacks that wait to be recorded: lines of a file, only ever added to and each on the disk before anything rests on it. */
export interface WriteAheadLog {
  /** Of one application, oldest first; of all without a name. */
  waiting(application?: string): readonly LoggedRollback[];
  /** Keeps one before its write; where the disk does not take it, in memory only. */
  intend(rollback: LoggedRollback): void;
  settle(id: string, outcome: LateOutcome): void;
  /** The database has it now. */
  recorded(id: string): void;
  /** Keeps a row that the audit could not take; false when there are too many already. */
  keepAudit(row: AuditRow): boolean;
  auditRows(): readonly AuditRow[];
  /** The audit has it now. */
  audited(id: string): void;
}

/** Reads what earlier processes left behind; null keeps all in memory, for tests. */
export function openWriteAheadLog(
  path: string | null,
  onError: (error: unknown) => void = () => undefined,
): WriteAheadLog {
  const rollbacks = new Map<string, LoggedRollback>();
  const rows = new Map<string, AuditRow>();

  function apply(line: Line): void {
    if (line.type === "intent") rollbacks.set(line.rollback.id, line.rollback);
    if (line.type === "recorded") rollbacks.delete(line.id);
    if (line.type === "audit") rows.set(line.row.id, line.row);
    if (line.type === "audited") rows.delete(line.id);
    if (line.type !== "outcome") return;
    const known = rollbacks.get(line.id);
    if (known) rollbacks.set(line.id, { ...known, outcome: line.outcome });
  }

  function add(line: Line): void {
    apply(line);
    if (path === null) return;
    try {
      append(path, line);
    } catch (error) {
      // Traffic comes first: a full disk must not stand in the way of a rollback.
      onError(error);
    }
  }

  if (path !== null)
    try {
      for (const line of readLines(path)) apply(line);
    } catch (error) {
      onError(error);
    }

  return {
    waiting: (application) =>
      [...rollbacks.values()].filter((each) => application === undefined || each.application === application),
    intend: (rollback) => add({ type: "intent", rollback }),
    settle: (id, outcome) => add({ type: "outcome", id, outcome }),
    recorded: (id) => add({ type: "recorded", id }),
    keepAudit(row) {
      if (rows.size >= MOST_AUDIT_ROWS) return false;
      add({ type: "audit", row });
      return true;
    },
    auditRows: () => [...rows.values()],
    audited: (id) => add({ type: "audited", id }),
  };
}

function append(path: string, line: Line): void {
  mkdirSync(dirname(path), { recursive: true });
  const file = openSync(path, "a", 0o600);
  try {
    // The line before may have been cut off by a crash: this one begins on its own.
    writeSync(file, `\n${JSON.stringify(line)}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** A line that a crash cut off says nothing: what it was to announce was not begun. */
function readLines(path: string): Line[] {
  return textOf(path)
    .split("\n")
    .flatMap((line) => {
      if (line === "") return [];
      try {
        // Safe because only this file writes it.
        return [JSON.parse(line) as Line];
      } catch {
        return [];
      }
    });
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as { code?: unknown }).code === "ENOENT") return "";
    throw error;
  }
}
