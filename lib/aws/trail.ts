import { type CloudTrailClient, type Event, LookupEventsCommand } from "@aws-sdk/client-cloudtrail";
import { z } from "zod";
import type { TrailCall } from "../domain/observation/outside-caller.ts";
import { oneLine } from "../domain/text/one-line.ts";
import type { Priority } from "./budget.ts";
import type { Caller } from "./caller.ts";
import { USER_AGENT } from "./clients.ts";

/** CloudTrail's event history: who called what in this account and Region within the last 90 days. */
export interface Trail {
  /**
   * The newest call of this operation between two times (epoch ms) that `isWanted`, refused ones and our own left out; null when there is none
   * yet: calls are told up to 15 minutes late, and in no order.
   */
  findCall(
    search: { name: string; from: number; to: number; isWanted(call: TrailCall): boolean },
    priority: Priority,
  ): Promise<TrailCall | null>;
}

/** A page of AWS's, and how many are read at most: an account that makes more calls than these is not worth its two look-ups a second. */
const PAGE = 50;
const MOST_PAGES = 10;
const MAX_WHO = 200;
const MAX_SUBJECT = 2_048;

/** CloudTrail through the SDK's client. */
export function createTrail(client: CloudTrailClient, call: Caller): Trail {
  return {
    async findCall({ name, from, to, isWanted }, priority) {
      let NextToken: string | undefined;
      for (let page = 0; page < MOST_PAGES; page += 1) {
        const output = await call(
          { service: "cloudtrail", operation: "LookupEvents", family: "cloudtrail-read", priority, effect: "read" },
          (abortSignal) =>
            client.send(
              new LookupEventsCommand({
                // AWS takes one attribute, and no more.
                LookupAttributes: [{ AttributeKey: "EventName", AttributeValue: name }],
                ...{ StartTime: new Date(from), EndTime: new Date(to), MaxResults: PAGE, NextToken },
              }),
              { abortSignal },
            ),
        );
        // Newest first.
        const found = (output.Events ?? [])
          .map(readCall)
          .find((each) => each && !each.isRefused && !each.isOwn && isWanted(each));
        if (found) return found;
        NextToken = output.NextToken;
        if (!NextToken) return null;
      }
      return null;
    },
  };
}

const text = z.string();
/** https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference.html; whatever is of another form is left out. */
const recordSchema = z.looseObject({
  errorCode: text.optional().catch(undefined),
  userAgent: text.optional().catch(undefined),
  userIdentity: z
    .looseObject({
      type: text.optional().catch(undefined),
      arn: text.optional().catch(undefined),
      userName: text.optional().catch(undefined),
      invokedBy: text.optional().catch(undefined),
      sessionContext: z
        .looseObject({ sourceIdentity: text.optional().catch(undefined) })
        .optional()
        .catch(undefined),
    })
    .optional()
    .catch(undefined),
  requestParameters: z.record(z.string(), z.unknown()).nullish().catch(undefined),
  responseElements: z.record(z.string(), z.unknown()).nullish().catch(undefined),
});
type TrailRecord = z.infer<typeof recordSchema>;

/** An event in our words; null for one that cannot be read. */
export function readCall({ EventId, EventName, EventTime, Username, CloudTrailEvent = "" }: Event): TrailCall | null {
  if (!EventId || !EventName || !EventTime) return null;
  const record = parse(CloudTrailEvent);
  if (!record) return null;
  const { deploymentId } = record.responseElements ?? {};
  const named = Object.entries({ ...(deploymentId ? { deploymentId } : {}), ...record.requestParameters });
  const subject = named.filter((entry): entry is [string, string] => isShort(entry[1]));
  return {
    ...{ id: EventId, name: EventName, at: EventTime.getTime() },
    who: whoOf(record.userIdentity, Username),
    isRefused: record.errorCode !== undefined,
    isOwn: record.userAgent?.split(" ").includes(USER_AGENT) ?? false,
    subject: Object.fromEntries(subject),
  };
}

function isShort(value: unknown): value is string {
  return typeof value === "string" && value.length <= MAX_SUBJECT;
}

function parse(json: string): TrailRecord | null {
  try {
    return recordSchema.safeParse(JSON.parse(json)).data ?? null;
  } catch {
    return null;
  }
}

/**
 * A user by name, a role as "role/session", before it the person whom the session names or the AWS service that called for
 * them. https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
 */
function whoOf(identity: TrailRecord["userIdentity"], userName: string | undefined): string | null {
  const { type, arn = "", invokedBy, sessionContext } = identity ?? {};
  const session = /:assumed-role\/(.+)$/.exec(arn)?.[1];
  const name =
    session ?? identity?.userName ?? userName ?? (type === "Root" ? "root" : (/[^:]+$/.exec(arn)?.[0] ?? ""));
  const first = invokedBy ?? sessionContext?.sourceIdentity ?? "";
  const who = first !== "" && name !== "" && first !== name ? `${first} (${name})` : first || name;
  return who === "" ? null : oneLine(who, MAX_WHO);
}
