import type { MaintenanceWindow } from "../application/maintenance-window.ts";
import { say } from "../sentence/sentence.ts";
import type { Blocker } from "../verb/blocker.ts";
import { blocker } from "../verb/say-blocker.ts";

/** Why nothing may go forward during it, naming it and its end; null outside. */
export function findClosedBlocker(period: MaintenanceWindow | null | undefined): Blocker | null {
  if (!period) return null;
  const isFreeze = period.kind === "freezeWindow";
  const { kind, name, until, timeZone } = period;
  const said =
    until === null
      ? say("blocker.closedNoEnd", { kind, name })
      : say("blocker.closed", { kind, name, until: localMinute(until, timeZone) });
  return blocker(isFreeze ? "FREEZE_WINDOW" : "QUIET_HOURS", said, say("blocker.waitForEnd"));
}

/** "2026-11-25 06:00 Asia/Seoul": the same words in every process, whatever its own zone and language. */
function localMinute(at: number, timeZone: string): string {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).formatToParts(at);
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((each) => each.type === type)?.value ?? "";
  return `${part("year")}-${part("month")}-${part("day")} ${part("hour")}:${part("minute")} ${timeZone}`;
}
