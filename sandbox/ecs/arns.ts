import { AwsError, type Place } from "../service.ts";

/** `arn:aws:ecs:<region>:<account>:<resource>`. */
export function ecsArn(place: Place, resource: string): string {
  return `arn:aws:ecs:${place.region}:${place.accountId}:${resource}`;
}

/** The parts of an ECS ARN behind its resource type, or null when the text is no ECS ARN. */
export function parseEcsArn(text: string): { type: string; path: string[] } | null {
  const match = /^arn:aws[\w-]*:ecs:[^:]*:[^:]*:([\w-]+)\/(.+)$/.exec(text);
  return match?.[1] && match[2] ? { type: match[1], path: match[2].split("/") } : null;
}

/**
 * Refuses an ARN of another account, Region or cluster than the call's. That AWS refuses it is known; its words are assumed.
 * @throws AwsError InvalidParameterException
 */
export function checkPlaceOf(nameOrArn: string, place: Place, cluster: string | null): void {
  const match = /^arn:[^:]*:ecs:([^:]*):([^:]*):[\w-]+\/(.+)$/.exec(nameOrArn);
  if (!match) {
    if (nameOrArn.startsWith("arn:")) throw invalidParameter("Invalid identifier: Unexpected number of separators");
    return;
  }
  const [, region = "", accountId = "", path = ""] = match;
  if (region !== place.region)
    throw invalidParameter(`Invalid identifier: Identifier is for ${region}. Your region is ${place.region}`);
  if (accountId !== place.accountId)
    throw invalidParameter(`Invalid identifier: Identifier is for ${accountId}. Your accountId is ${place.accountId}`);
  const [first = "", ...rest] = path.split("/");
  // ARNs of before 2018 name no cluster.
  if (cluster !== null && rest.length > 0 && first !== cluster)
    throw invalidParameter(`Invalid identifier: Identifier is for cluster ${first}. Your cluster is ${cluster}`);
}

/** The short name at the end of a name or ARN. */
export function lastPart(nameOrArn: string): string {
  return nameOrArn.slice(nameOrArn.lastIndexOf("/") + 1);
}

/** `length` characters out of `alphabet`. */
export function randomText(random: () => number, length: number, alphabet = "0123456789abcdef"): string {
  let text = "";
  for (let i = 0; i < length; i += 1) text += alphabet[Math.floor(random() * alphabet.length)];
  return text;
}

/** A number of 19 digits, as ECS names deployments and service revisions. */
export function randomRevisionId(random: () => number): string {
  return randomText(random, 1, "123456789") + randomText(random, 18, "0123456789");
}

/** The shape of a UUID, made of the sandbox's own randomness. */
export function randomUuid(random: () => number): string {
  const hex = randomText(random, 32);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}

/** A UUID that always belongs to the same text, for the ids nobody needs stored (containers, attachments). */
export function derivedUuid(text: string): string {
  let hex = "";
  for (let round = 0; round < 4; round += 1) {
    let hash = 0x811c9dc5 ^ round;
    for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
    hex += (hash >>> 0).toString(16).padStart(8, "0");
  }
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** A parameter ECS refuses, in its own code. */
export function invalidParameter(message: string): AwsError {
  return new AwsError("InvalidParameterException", message);
}

/** What ECS blames on the client without a code of its own. */
export function clientError(message: string): AwsError {
  return new AwsError("ClientException", message);
}
