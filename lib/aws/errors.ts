import { inEnglish } from "../domain/sentence/in-language.ts";
import { type Sentence, say } from "../domain/sentence/sentence.ts";
import { englishOf, type Told } from "../domain/sentence/told.ts";
import { type Denial, denialFix, parseDenial } from "./denial.ts";

/**
 * What kind of failure it is, which decides what a person reads and whether trying again can help. "denied": known to AWS and not
 * allowed; "credentials": AWS does not take who we say we are; "clock": it would, at another time.
 */
export type AwsFailureKind =
  | "throttled"
  | "denied"
  | "credentials"
  | "clock"
  | "missing"
  | "invalid"
  | "unavailable"
  | "other";

/** Names of services as they appear in IAM actions. */
export type AwsServiceName =
  | "ecs"
  | "elasticloadbalancing"
  | "codedeploy"
  | "ecr"
  | "logs"
  | "cloudwatch"
  | "sts"
  | "ec2"
  | "ssm"
  | "secretsmanager"
  | "acm"
  | "rds"
  | "iam"
  | "application-autoscaling"
  | "cloudtrail"
  | "sqs";

interface AwsFailureFields {
  code: string;
  /** AWS's own text, or a sentence of ours. */
  message: Told;
  kind: AwsFailureKind;
  retryable: boolean;
  requestId: string | null;
  service: AwsServiceName;
  operation: string;
  isOutcomeUnknown: boolean;
  cause?: unknown;
}

/** An AWS call that failed, translated once: the only error that lib/aws throws besides the caller's own abort reason. */
export class AwsFailure extends Error {
  override readonly name = "AwsFailure";
  /** AWS's code, or the network's ("ECONNREFUSED"). */
  readonly code: string;
  readonly kind: AwsFailureKind;
  /** Whether the same call may succeed later. */
  readonly retryable: boolean;
  readonly requestId: string | null;
  readonly service: AwsServiceName;
  readonly operation: string;
  /** What AWS said of missing permissions; null where that is not the failure. */
  readonly denial: Denial | null;
  /** The IAM action that is missing, which need not be the operation's own (iam:PassRole); null where access was not denied. */
  readonly permission: string | null;
  /** True when the answer was lost, so that a write may or may not have happened: look before repeating it. */
  readonly isOutcomeUnknown: boolean;
  /** What failed, in no language where it is a sentence of ours. */
  readonly told: Told;

  constructor(fields: AwsFailureFields) {
    super(englishOf(fields.message), { cause: fields.cause });
    this.told = fields.message;
    this.code = fields.code;
    this.kind = fields.kind;
    this.retryable = fields.retryable;
    this.requestId = fields.requestId;
    this.service = fields.service;
    this.operation = fields.operation;
    this.denial = fields.kind === "denied" ? parseDenial(this.message) : null;
    this.permission = this.denial && (this.denial.action ?? `${fields.service}:${fields.operation}`);
    this.isOutcomeUnknown = fields.isOutcomeUnknown;
  }
}

const THROTTLED = new Set([
  "Throttling",
  "ThrottlingException",
  "ThrottledException",
  "RequestThrottled",
  "RequestThrottledException",
  "RequestLimitExceeded",
  "TooManyRequestsException",
  "BandwidthLimitExceeded",
  "ProvisionedThroughputExceededException",
  "SlowDown",
  "PriorRequestNotComplete",
]);
const DENIED = new Set([
  "AccessDenied",
  "AccessDeniedException",
  "UnauthorizedOperation",
  "NotAuthorized",
  "OptInRequired",
]);
/** Absent, expired, unknown or with a wrong secret. */
const CREDENTIALS = new Set([
  "AuthFailure",
  "UnrecognizedClientException",
  "InvalidClientTokenId",
  "InvalidAccessKeyId",
  "InvalidSignatureException",
  "SignatureDoesNotMatch",
  "MissingAuthenticationToken",
  "MissingAuthenticationTokenException",
  "IncompleteSignature",
  "IncompleteSignatureException",
  "ExpiredToken",
  "ExpiredTokenException",
  "InvalidToken",
  "TokenRefreshRequired",
  "CredentialsProviderError",
  "TokenProviderError",
  "InvalidIdentityToken",
  "IDPRejectedClaim",
]);
const CLOCK = new Set(["RequestExpired", "RequestExpiredException", "RequestTimeTooSkewed", "RequestInTheFuture"]);
/** How AWS words a signature whose only fault is its time, under the codes of a wrong one. */
const SIGNED_AT_ANOTHER_TIME = /Signature (expired|not yet current)/i;
const UNAVAILABLE = new Set([
  "InternalFailure",
  "InternalError",
  "InternalServerError",
  "ServerException",
  "ServiceUnavailable",
  "ServiceUnavailableException",
  "HealthUnavailable",
  "TimeoutError",
  "RequestTimeout",
  "RequestTimeoutException",
]);
const NETWORK = new Set([
  "ECONNRESET",
  "ECONNREFUSED",
  "EPIPE",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EAI_AGAIN",
  "UND_ERR_SOCKET",
]);
/** The request never left, so nothing can have happened. */
const NEVER_SENT = new Set(["ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH", "ENOTFOUND", "EAI_AGAIN"]);

/** Translates any error of the SDK. An AwsFailure stays what it is. */
export function toAwsFailure(error: unknown, service: AwsServiceName, operation: string): AwsFailure {
  if (error instanceof AwsFailure) return error;
  const raw = asRecord(error);
  const metadata = asRecord(raw.$metadata);
  const status = typeof metadata.httpStatusCode === "number" ? metadata.httpStatusCode : null;
  const system = typeof raw.code === "string" && NETWORK.has(raw.code) ? raw.code : null;
  const code = system ?? awsCode(raw);
  const kind = kindOf(code, status, system !== null, String(raw.message ?? ""));
  return new AwsFailure({
    code,
    message: messageOf(raw, code),
    kind,
    retryable: kind === "throttled" || kind === "unavailable",
    requestId: typeof metadata.requestId === "string" ? metadata.requestId : null,
    service,
    operation,
    isOutcomeUnknown: kind === "unavailable" && !NEVER_SENT.has(code),
    cause: error,
  });
}

/** The error as the failure it is. @throws anything else, which is a fault of ours and must not be swallowed. */
export function asAwsFailure(error: unknown): AwsFailure {
  if (error instanceof AwsFailure) return error;
  throw error;
}

/** A failure that AWS reports inside a successful answer, such as a service that is MISSING. */
export function missingFailure(service: AwsServiceName, operation: string, code: string, message: Told): AwsFailure {
  return new AwsFailure({
    code,
    message,
    kind: "missing",
    retryable: false,
    requestId: null,
    service,
    operation,
    isOutcomeUnknown: false,
  });
}

/** For a panel: which permission is missing, which limit was hit, or what AWS said, with its code and what to change. */
export function failureSaid(failure: AwsFailure): Sentence {
  const fix = fixSaid(failure);
  const cause = causeSaid(failure);
  return fix === null ? cause : say("awsError.withFix", { cause, fix });
}

/** The same in English. */
export function describeFailure(failure: AwsFailure): string {
  return inEnglish(failureSaid(failure));
}

/** The same without what to change, where that has a place of its own. */
export function causeSaid(failure: AwsFailure): Sentence {
  const call = `${failure.service}:${failure.operation}`;
  const { code, told: message } = failure;
  if (failure.denial?.policy === "key") return say("awsError.failed", { call, message, code });
  switch (failure.kind) {
    case "denied":
      return denialSaid(failure, call);
    case "credentials":
    case "clock":
      return say("awsError.notAccepted", { call, why: say(`awsError.cause.${failure.kind}`), code });
    case "throttled":
      return say("awsError.throttled", { call, code, limit: say(`awsError.limit.${limitOf(failure)}`) });
    case "unavailable":
      return say("awsError.noAnswer", { call, code });
    case "missing":
      return say("awsError.missing", { message, code });
    default:
      return say("awsError.failed", { call, message, code });
  }
}

/** What whoever runs the program has to change; null where nothing is known to help, or waiting does. */
export function fixSaid(failure: AwsFailure): Sentence | null {
  if (failure.denial) return denialFix(failure.denial, `${failure.service}:${failure.operation}`);
  if (failure.kind === "clock") return say("awsError.fix.clock");
  if (failure.kind !== "credentials") return null;
  if (/^Expired|^TokenRefresh|expired/i.test(`${failure.code} ${failure.message}`)) return say("awsError.fix.renew");
  if (/Provider|^Missing/.test(failure.code)) return say("awsError.fix.give");
  return say("awsError.fix.correct");
}

/** "Not allowed: iam:PassRole on arn:…, which ecs:RegisterTaskDefinition needs (AccessDeniedException)". */
function denialSaid({ denial, permission, code }: AwsFailure, call: string): Sentence {
  const told = { kind: denial?.isExplicit ? "explicit" : "implicit", permission: permission ?? call, code };
  const isOwn = permission === call;
  if (!denial?.resource) return isOwn ? say("awsError.denied", told) : say("awsError.deniedFor", { ...told, call });
  const { resource } = denial;
  return isOwn
    ? say("awsError.deniedOn", { ...told, resource })
    : say("awsError.deniedOnFor", { ...told, resource, call });
}

/** The limit's name among the sentences. */
function limitOf({ service, operation }: AwsFailure) {
  const isRead = /^(Describe|List|Get|Filter)/.test(operation);
  if (service === "elasticloadbalancing") return isRead ? "elbReads" : "elbChanges";
  if (service === "ecs") return isRead ? "ecsReads" : "ecsChanges";
  if (operation === "DescribeAlarms") return "alarms";
  if (operation === "StartLiveTail") return "tails";
  return "other";
}

function kindOf(code: string, status: number | null, isNetwork: boolean, message: string): AwsFailureKind {
  if (THROTTLED.has(code) || status === 429 || /^Rate exceeded/i.test(message)) return "throttled";
  if (CLOCK.has(code) || (CREDENTIALS.has(code) && SIGNED_AT_ANOTHER_TIME.test(message))) return "clock";
  if (CREDENTIALS.has(code)) return "credentials";
  // Some operations word a missing permission under a code of their own, as ClientException.
  if (DENIED.has(code) || /not authorized to perform:? [\w-]+:\w/i.test(message)) return "denied";
  if (isNetwork || UNAVAILABLE.has(code) || (status !== null && status >= 500)) return "unavailable";
  if (/NotFound|NotActive|DoesNotExist|NoSuch/.test(code)) return "missing";
  if (status === 403 || status === 401) return "denied";
  if (/Invalid|Validation|Unsupported|Incompatible|TooMany|InUse|NotPermitted|Conflict|ClientException/.test(code))
    return "invalid";
  return "other";
}

/** AWS's own code where the SDK kept it: Query services answer "ListenerNotFound", their SDK classes add "Exception". */
function awsCode(raw: Record<string, unknown>): string {
  for (const candidate of [raw.Code, asRecord(raw.Error).Code, raw.name])
    if (typeof candidate === "string" && candidate !== "" && candidate !== "Error") return candidate;
  return "Unknown";
}

function messageOf(raw: Record<string, unknown>, code: string): string {
  const message = typeof raw.message === "string" ? raw.message.trim() : "";
  return message === "" || message === "UnknownError" ? code : message;
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
