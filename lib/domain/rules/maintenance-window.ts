import type { MaintenanceWindow } from "../application/maintenance-window.ts";
import type { Blocker } from "../verb/blocker.ts";

/** Why nothing may go forward during it, naming it and its end; null outside. */
export function findClosedBlocker(period: MaintenanceWindow | null | undefined): Blocker | null {
  if (!period) return null;
  const isFreeze = period.kind === "freezeWindow";
  const end = period.until === null ? "no end is in sight" : `until ${localMinute(period.until, period.timeZone)}`;
  return {
    code: isFreeze ? "FREEZE_WINDOW" : "QUIET_HOURS",
    message: `${isFreeze ? "Freeze window" : "Quiet hours"} ${period.name}, ${end}`,
    fix: "Wait for its end; a rollback is possible all the same",
  };
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
