import type * as Trail from "@aws-sdk/client-cloudtrail";
import { AwsError } from "../service.ts";

/** A call as the event history keeps it; in the history from `shownAt` (epoch ms) on. */
export interface KeptEvent {
  event: Trail.Event;
  shownAt: number;
}

/** How long the event history goes back, in ms. */
export const HISTORY_MS = 90 * 86_400_000;

const PAGE = 50;

/** What an attribute is of an event; of names it is exactly the name, letters of either case apart. */
const ATTRIBUTES: Readonly<Record<string, (event: Trail.Event) => readonly (string | undefined)[]>> = {
  EventId: ({ EventId }) => [EventId],
  EventName: ({ EventName }) => [EventName],
  EventSource: ({ EventSource }) => [EventSource],
  ReadOnly: ({ ReadOnly }) => [ReadOnly],
  Username: ({ Username }) => [Username],
  AccessKeyId: ({ AccessKeyId }) => [AccessKeyId],
  ResourceName: ({ Resources = [] }) => Resources.map(({ ResourceName }) => ResourceName),
  ResourceType: ({ Resources = [] }) => Resources.map(({ ResourceType }) => ResourceType),
};

/**
 * One page of what was asked for, newest first. Assumption: the words of the errors; their codes are AWS's. Of which resources an
 * ECS or ELB event is about the history says nothing reliable, so that no event has any here.
 * @throws AwsError InvalidLookupAttributesException, InvalidTimeRangeException, InvalidMaxResultsException, InvalidNextTokenException
 */
export function findEvents(
  shown: readonly KeptEvent[],
  input: Trail.LookupEventsRequest,
  now: number,
): Trail.LookupEventsResponse {
  const { LookupAttributes = [], MaxResults = PAGE, StartTime, EndTime, EventCategory, NextToken } = input;
  if (LookupAttributes.length > 1)
    throw new AwsError("InvalidLookupAttributesException", "Only one lookup attribute can be specified.");
  if (MaxResults < 1 || MaxResults > PAGE)
    throw new AwsError("InvalidMaxResultsException", "Max results must be between 1 and 50.");
  const from = StartTime?.getTime() ?? now - HISTORY_MS;
  const to = EndTime?.getTime() ?? now;
  if (from > to) throw new AwsError("InvalidTimeRangeException", "The start time must be before the end time.");
  const [attribute] = LookupAttributes;
  const valuesOf = attribute && ATTRIBUTES[attribute.AttributeKey ?? ""];
  if (attribute && !valuesOf)
    throw new AwsError("InvalidLookupAttributesException", `Unknown attribute ${attribute.AttributeKey}.`);
  const found = shown
    .map(({ event }) => event)
    .filter((event) => {
      const at = event.EventTime?.getTime() ?? 0;
      if (at < from || at > to || EventCategory !== undefined) return false;
      return !valuesOf || valuesOf(event).includes(attribute?.AttributeValue);
    })
    .toSorted((a, b) => (b.EventTime?.getTime() ?? 0) - (a.EventTime?.getTime() ?? 0));
  const asked = JSON.stringify([LookupAttributes, StartTime, EndTime]);
  const start = NextToken === undefined ? 0 : offsetOf(NextToken, asked);
  const end = start + MaxResults;
  const token = end < found.length ? { NextToken: Buffer.from(`${end} ${asked}`).toString("base64") } : {};
  return { Events: found.slice(start, end), ...token };
}

/** A token goes on with the request that it came from, and with no other. */
function offsetOf(token: string, asked: string): number {
  const [, offset, of] = /^(\d+) (.*)$/s.exec(Buffer.from(token, "base64").toString("utf8")) ?? [];
  if (offset === undefined || of !== asked)
    throw new AwsError("InvalidNextTokenException", "The token is not valid, or was made by another request.");
  return Number(offset);
}
