import type * as Trail from "@aws-sdk/client-cloudtrail";
import { isRead } from "../calls.ts";
import { randomUuid } from "../ecs/arns.ts";
import type { EcsProfile } from "../ecs/timings.ts";
import { ADMINISTRATOR_KEY } from "../iam/authorizer.ts";
import { AwsError, type Handler, type SandboxBase, type SimulatedService } from "../service.ts";
import { assumedArn, type RoleSessions } from "../sts/sessions.ts";
import { findEvents, HISTORY_MS, type KeptEvent } from "./lookup.ts";

/** Simulated CloudTrail: its event history, which every account has without a trail. */
export interface CloudtrailSimulator {
  service: SimulatedService;
  /** The same service, whose calls are kept from now on: those that change something, refused ones included. */
  recording(service: SimulatedService): SimulatedService;
  reset(): void;
}

/** CloudTrail's names of services, where they are not the sandbox's own. */
const SOURCES: Readonly<Record<string, string>> = { elbv2: "elasticloadbalancing", cloudwatch: "monitoring" };
/**
 * How late a call is in the history, in ms: AWS says about 5 minutes on average and up to 15, and promises neither. The order in
 * which events arrive is not the one in which they happened.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html
 */
const LATE_MS: Readonly<Record<EcsProfile, readonly [number, number]>> = {
  fast: [5_000, 15_000],
  aws: [60_000, 15 * 60_000],
};
const KEPT = 20_000;
/** What is said of data, not of what an account is made of: the event history has none of it. */
const DATA_EVENTS: ReadonlySet<string> = new Set(["PutLogEvents", "PutMetricData", "ReceiveMessage", "SendMessage"]);

/** An empty history. Reads are not kept: nothing asks for them. */
export function createCloudtrail(
  base: SandboxBase,
  sessions?: RoleSessions,
  profile: EcsProfile = "fast",
): CloudtrailSimulator {
  const { clock, place } = base;
  let kept: KeptEvent[] = [];
  let drawn = 0;
  /** Numbers of its own, so that the ids of everything else stay what they are. */
  const random = () => {
    drawn += 1;
    return (Math.imul(drawn, 0x9e3779b1) >>> 0) / 2 ** 32;
  };

  function keep(service: string, operation: string, input: unknown, call: Parameters<Handler>[1], answer: Answered) {
    const [least, most] = LATE_MS[profile];
    const at = clock.now();
    // Whole seconds, as CloudTrail has them.
    const time = new Date(Math.floor(at / 1000) * 1000);
    const id = randomUuid(random);
    const { who, userName } = identityOf(call.accessKeyId ?? "");
    const record = {
      ...{ eventVersion: "1.11", userIdentity: who, eventTime: time.toISOString().replace(".000", "") },
      ...{ eventSource: `${SOURCES[service] ?? service}.amazonaws.com`, eventName: operation },
      ...{ awsRegion: place.region, sourceIPAddress: "127.0.0.1", userAgent: call.userAgent ?? "-" },
      ...(answer.error ? { errorCode: answer.error.code, errorMessage: answer.error.message } : {}),
      ...{ requestParameters: lowered(input), responseElements: answer.output ? lowered(answer.output) : null },
      ...{ requestID: call.requestId, eventID: id, readOnly: false, eventType: "AwsApiCall", managementEvent: true },
      ...{ recipientAccountId: place.accountId, eventCategory: "Management" },
    };
    const event: Trail.Event = {
      ...{ EventId: id, EventName: operation, ReadOnly: "false", AccessKeyId: call.accessKeyId ?? "" },
      ...{ EventTime: time, EventSource: record.eventSource, Username: userName, Resources: [] },
      CloudTrailEvent: JSON.stringify(record),
    };
    kept.push({ event, shownAt: at + least + random() * (most - least) });
    if (kept.length > KEPT) kept = kept.slice(KEPT / 10);
  }

  function identityOf(accessKeyId: string) {
    const session = sessions?.begun().find((each) => each.accessKeyId === accessKeyId);
    if (session) {
      const arn = assumedArn(session);
      const issuer = { type: "Role", arn: session.roleArn, userName: session.roleArn.replace(/^.*\//, "") };
      const source = session.sourceIdentity === null ? {} : { sourceIdentity: session.sourceIdentity };
      const who = { type: "AssumedRole", arn, accountId: session.accountId, accessKeyId };
      return { userName: session.name, who: { ...who, sessionContext: { sessionIssuer: issuer, ...source } } };
    }
    const userName = accessKeyId === ADMINISTRATOR_KEY ? ADMINISTRATOR_KEY : "sandbox";
    const arn = `arn:aws:iam::${place.accountId}:user/${userName}`;
    return { userName, who: { type: "IAMUser", arn, accountId: place.accountId, accessKeyId, userName } };
  }

  return {
    service: {
      name: "cloudtrail",
      operations: {
        LookupEvents(input: Trail.LookupEventsRequest): Trail.LookupEventsResponse {
          const now = clock.now();
          const shown = kept.filter(
            ({ event, shownAt }) => shownAt <= now && now - (event.EventTime?.getTime() ?? 0) < HISTORY_MS,
          );
          return findEvents(shown, input, now);
        },
      },
    },
    recording({ name, operations }) {
      const recorded = Object.entries(operations).map(([operation, handler]): [string, Handler] => {
        if (isRead(operation) || DATA_EVENTS.has(operation) || operation === "AssumeRole") return [operation, handler];
        return [
          operation,
          async (input, call) => {
            try {
              const output: unknown = await handler(input, call);
              keep(name, operation, input, call, { output });
              return output;
            } catch (error) {
              if (error instanceof AwsError) keep(name, operation, input, call, { error });
              throw error;
            }
          },
        ];
      });
      return { name, operations: Object.fromEntries(recorded) };
    },
    reset() {
      kept = [];
    },
  };
}

interface Answered {
  output?: unknown;
  error?: AwsError;
}

/** CloudTrail writes members with a small first letter whatever the API does, and dates as text. */
function lowered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(lowered);
  if (typeof value !== "object" || value === null || value instanceof Date) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name.slice(0, 1).toLowerCase() + name.slice(1), lowered(each)]),
  );
}
