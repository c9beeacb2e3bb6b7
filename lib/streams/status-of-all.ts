import type { LogEvent } from "../domain/observation/log-line.ts";

type Status = Extract<LogEvent, { type: "status" }>;

/** Loudest first: what the worst of several log groups does is what is told. */
const MODES = ["connecting", "polling", "live", "failed"] as const;

/**
 * One status for several log groups: `failed` only where none can be read; where some can, it says how, and which ones cannot
 * and why. Answers null while nothing new is to be told.
 */
export function createStatusOfAll(groups: readonly string[]): (group: string, status: Status) => Status | null {
  const statuses = new Map<string, Status>();
  let told: Status | null = null;
  return (group, status) => {
    statuses.set(group, status);
    if (groups.length === 1) return status;
    const all = groups.map((each) => statuses.get(each));
    const modes = new Set(all.map((each) => each?.mode ?? "connecting"));
    const mode = MODES.find((each) => modes.has(each)) ?? "connecting";
    const messages = groups.flatMap((each) => {
      const message = statuses.get(each)?.message;
      return message ? [`${each}: ${message}`] : [];
    });
    const next: Status = { ...status, mode, message: messages.length > 0 ? messages.join("; ") : null };
    if (told?.mode === next.mode && told.message === next.message) return null;
    told = next;
    return next;
  };
}
