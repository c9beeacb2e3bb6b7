/** "2026-03-01 03:10 UTC". */
export function utcMinute(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** "12:02:14 UTC". */
export const utcClock = (at: number): string => `${new Date(at).toISOString().slice(11, 19)} UTC`;
