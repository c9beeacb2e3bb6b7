import { invalidParameter } from "./log-names.ts";
import type { Position } from "./log-store.ts";

/** Most events in one page of GetLogEvents and FilterLogEvents. */
export const MAX_PAGE_EVENTS = 10_000;
/** Most bytes in one page. */
export const MAX_PAGE_BYTES = 1_048_576;

/** A token that stays valid while events are added or dropped; the one-letter prefix says in which direction it reads. */
export const positionToken = (prefix: string, { timestamp, sequence }: Position) =>
  `${prefix}/${timestamp}/${sequence}`;

/** @throws AwsError InvalidParameterException for a token of another operation */
export function parseToken(token: string, prefixes: string): { prefix: string; position: Position } {
  const match = /^(\w)\/(-?\d+)\/(-?\d+)$/.exec(token);
  const prefix = match?.[1] ?? "";
  if (!match || !prefixes.includes(prefix)) throw invalidParameter("The specified nextToken is invalid.");
  return { prefix, position: { timestamp: Number(match[2]), sequence: Number(match[3]) } };
}
