import { AwsError, type Place } from "../service.ts";
import type { LogGroup, LogStore, LogStream } from "./log-store.ts";

/** AWS's InvalidParameterException. */
export const invalidParameter = (message: string) => new AwsError("InvalidParameterException", message);

/** ARN of a log group without the `:*` that older calls append. */
export function logGroupArn(place: Place, name: string): string {
  return `arn:aws:logs:${place.region}:${place.accountId}:log-group:${name}`;
}

/** @throws AwsError InvalidParameterException for a name AWS would not take */
export function checkLogGroupName(name: string): void {
  if (/^[.\-_/#A-Za-z0-9]{1,512}$/.test(name)) return;
  throw invalidParameter(
    `1 validation error detected: Value '${name}' at 'logGroupName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+`,
  );
}

/** @throws AwsError InvalidParameterException for a name AWS would not take */
export function checkLogStreamName(name: string): void {
  if (/^[^:*]{1,512}$/.test(name)) return;
  throw invalidParameter(
    `1 validation error detected: Value '${name}' at 'logStreamName' failed to satisfy constraint: Member must satisfy regular expression pattern: [^:*]*`,
  );
}

/** @throws AwsError InvalidParameterException when `value` is given and out of range */
export function checkRange(member: string, value: number | undefined, minimum: number, maximum: number): void {
  if (value === undefined || (Number.isInteger(value) && value >= minimum && value <= maximum)) return;
  const bound = value < minimum ? `greater than or equal to ${minimum}` : `less than or equal to ${maximum}`;
  throw invalidParameter(
    `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: Member must have value ${bound}`,
  );
}

/** Refuses a time that ends before it begins; whether AWS does so or answers nothing is not documented, and this is the stricter. */
export function checkTimes(startTime: number | undefined, endTime: number | undefined): void {
  if (startTime !== undefined && endTime !== undefined && startTime > endTime)
    throw invalidParameter("startTime must not be after endTime.");
}

/** @throws AwsError ResourceNotFoundException */
export function getGroup(store: LogStore, name: string | undefined): LogGroup {
  checkLogGroupName(name ?? "");
  const group = store.groups.get(name ?? "");
  if (!group) throw new AwsError("ResourceNotFoundException", "The specified log group does not exist.");
  return group;
}

/**
 * What is encrypted can be read as long as CloudWatch Logs may use its key, which is documented. The refusal is worded as the one of
 * associating such a key; that reading has the same is an assumption.
 */
export function checkKey(store: LogStore, { name, kmsKeyId }: LogGroup): void {
  if (kmsKeyId === undefined || !store.refusedKeys.has(kmsKeyId)) return;
  const arn = logGroupArn(store.place, name);
  const said = `The specified KMS key does not exist or is not allowed to be used with Arn '${arn}'`;
  throw new AwsError("AccessDeniedException", said);
}

/** Finds the group that a call names by exactly one of name and identifier (a name or an ARN). */
export function getIdentifiedGroup(
  store: LogStore,
  input: { logGroupName?: string; logGroupIdentifier?: string },
): LogGroup {
  if ((input.logGroupName === undefined) === (input.logGroupIdentifier === undefined)) {
    throw invalidParameter("Exactly one of logGroupName and logGroupIdentifier must be specified.");
  }
  if (input.logGroupIdentifier !== undefined) checkIdentifier("logGroupIdentifier", input.logGroupIdentifier);
  return input.logGroupName === undefined
    ? getGroupByIdentifier(store, input.logGroupIdentifier ?? "")
    : getGroup(store, input.logGroupName);
}

/** By name or ARN: a group of another account or Region is another group, whatever its name. @throws AwsError ResourceNotFoundException */
export function getGroupByIdentifier(store: LogStore, identifier: string): LogGroup {
  const name = nameOfIdentifier(identifier);
  if (identifier.startsWith("arn:") && identifier !== logGroupArn(store.place, name))
    throw new AwsError("ResourceNotFoundException", "The specified log group does not exist.");
  return getGroup(store, name);
}

/** The API's pattern has no asterisk: the ARN with `:*`, which DescribeLogGroups answers as `arn`, is refused. */
export function checkIdentifier(member: string, identifier: string): void {
  if (/^[\w#+=/:,.@-]*$/.test(identifier)) return;
  throw invalidParameter(
    `1 validation error detected: Value '${identifier}' at '${member}' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w#+=/:,.@-]*`,
  );
}

/** The group's name in a name or an ARN. */
export function nameOfIdentifier(identifier: string): string {
  return /^arn:[^:]*:logs:[^:]*:[^:]*:log-group:([^:]+)/.exec(identifier)?.[1] ?? identifier;
}

/** @throws AwsError ResourceNotFoundException */
export function getStream(group: LogGroup, name: string | undefined): LogStream {
  checkLogStreamName(name ?? "");
  const stream = group.streams.get(name ?? "");
  if (!stream) throw new AwsError("ResourceNotFoundException", "The specified log stream does not exist.");
  return stream;
}

/** One page of a sorted list; the token is opaque to callers. */
export function pageOf<Item>(
  items: readonly Item[],
  nextToken: string | undefined,
  limit: number,
): { page: Item[]; nextToken: string | undefined } {
  const start = nextToken === undefined ? 0 : Number(Buffer.from(nextToken, "base64url").toString());
  if (!Number.isInteger(start) || start < 0) throw invalidParameter("The specified nextToken is invalid.");
  const end = start + limit;
  return {
    page: items.slice(start, end),
    nextToken: end < items.length ? Buffer.from(String(end)).toString("base64url") : undefined,
  };
}
