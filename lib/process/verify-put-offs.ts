import type { PutOff } from "../domain/readiness/readiness.ts";
import { STEP_IDS } from "../domain/readiness/readiness-report.ts";
import { openPostgres } from "../store/open-postgres.ts";
import { listPutOffs } from "../store/put-offs.ts";

/** A step that the command line puts off, until then (epoch ms). */
export interface GivenPutOff {
  step: string;
  until: number;
  reason: string;
}

/** What was put off on the readiness page, and how that was found out. */
export interface RecordedPutOffs {
  putOffs: readonly PutOff[];
  /** What could not be read and why, for the terminal; empty where it was read. */
  note: string;
}

const FAR_MS = 1e15;
const PATIENCE_MS = 2_000;
const KNOWN = "What was put off on Switchyard's page is not known here";

/** Reads, and changes nothing: where the database cannot be asked, nothing counts as put off and `note` says so. */
export async function readRecordedPutOffs(
  databaseUrl: string | null,
  applications: readonly string[],
): Promise<RecordedPutOffs> {
  if (databaseUrl === null) return { putOffs: [], note: `${KNOWN}: DATABASE_URL is not set\n` };
  try {
    const { db, close } = await openPostgres(databaseUrl, PATIENCE_MS);
    try {
      const found = await Promise.all(applications.map((application) => listPutOffs(db, application)));
      return { putOffs: found.flat(), note: "" };
    } finally {
      await close();
    }
  } catch (error) {
    return { putOffs: [], note: `${KNOWN}: the database of DATABASE_URL did not tell it (${whyOf(error)})\n` };
  }
}

/** The innermost reason: a query's own text and its parameters are of no use here. */
function whyOf(error: unknown): string {
  const { cause, code, message } = error as { cause?: unknown; code?: unknown; message?: unknown };
  if (cause) return whyOf(cause);
  return String(message || code || error);
}

/** Reads "load-balancer,parameters", or one step with its day and reason: "load-balancer=2027-01-31:waits for the budget". */
export function readPutOffs(argument: string): GivenPutOff[] | string {
  const [names = "", day, reason = ""] = /^([^=]*)(?:=([^:]*):?(.*))?$/s.exec(argument)?.slice(1) ?? [];
  const steps = names.split(",");
  const strange = steps.find((step) => !STEP_IDS.includes(step));
  if (strange !== undefined) return `${strange} is no step; the steps are ${STEP_IDS.join(", ")}`;
  if (day === undefined) return steps.map((step) => ({ step, until: FAR_MS, reason: "said on the command line" }));
  const until = Date.parse(`${day}T23:59:59.999Z`);
  // A day that no month has is taken for one of the next.
  if (Number.isNaN(until) || !new Date(until).toISOString().startsWith(`${day}T`))
    return `${day} is no day; give --put-off ${names}=2027-01-31:REASON`;
  if (reason.trim() === "") return `--put-off ${argument} gives no reason; give --put-off ${names}=${day}:REASON`;
  return steps.map((step) => ({ step, until, reason: reason.trim() }));
}
