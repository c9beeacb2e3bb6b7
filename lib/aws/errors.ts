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
  | "acm"
  | "iam";

interface AwsFailureFields {
  code: string;
  message: string;
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

  constructor(fields: AwsFailureFields) {
    super(fields.message, { cause: fields.cause });
    this.code = fields.code;
    this.kind = fields.kind;
    this.retryable = fields.retryable;
    this.requestId = fields.requestId;
    this.service = fields.service;
    this.operation = fields.operation;
    this.denial = fields.kind === "denied" ? parseDenial(fields.message) : null;
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
export function missingFailure(service: AwsServiceName, operation: string, code: string, message: string): AwsFailure {
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
export function describeFailure(failure: AwsFailure): string {
  const fix = fixOf(failure);
  return fix === null ? causeOf(failure) : `${causeOf(failure)}. ${fix}`;
}

/** The same without what to change, where that has a place of its own. */
export function causeOf(failure: AwsFailure): string {
  const call = `${failure.service}:${failure.operation}`;
  switch (failure.kind) {
    case "denied":
      return describeDenial(failure, call);
    case "credentials":
    case "clock":
      return `${call} was not accepted: ${CAUSES[failure.kind]} (${failure.code})`;
    case "throttled":
      return `AWS throttles ${call} (${failure.code}): everyone in this account and Region shares ${limitOf(failure)}`;
    case "unavailable":
      return `${call} does not answer (${failure.code})`;
    case "missing":
      return `${failure.message} (${failure.code})`;
    default:
      return `${call} failed: ${failure.message} (${failure.code})`;
  }
}

/** What whoever runs the program has to change; null where nothing is known to help, or waiting does. */
export function fixOf(failure: AwsFailure): string | null {
  if (failure.denial) return denialFix(failure.denial, `${failure.service}:${failure.operation}`);
  if (failure.kind === "clock") return "Set the clock of the machine that Switchyard runs on (NTP)";
  if (failure.kind !== "credentials") return null;
  if (/^Expired|^TokenRefresh|expired/i.test(`${failure.code} ${failure.message}`))
    return "Renew the credentials: sign in again (aws sso login), or give the process a role that renews them by itself";
  if (/Provider|^Missing/.test(failure.code))
    return "Give the process credentials: a task or instance role, AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY";
  return "Correct the credentials: the key is deleted, of another partition, or its secret or session token is wrong";
}

const CAUSES = {
  credentials: "AWS does not take the credentials of Switchyard's process, or there are none",
  clock: "the clock of Switchyard's machine differs from AWS's by more than a signature may",
} as const;

/** "Not allowed: iam:PassRole on arn:…, which ecs:RegisterTaskDefinition needs (AccessDeniedException)". */
function describeDenial({ denial, permission, code }: AwsFailure, call: string): string {
  const on = denial?.resource ? ` on ${denial.resource}` : "";
  const needed = permission === call ? "" : `, which ${call} needs`;
  return `${denial?.isExplicit ? "Denied" : "Not allowed"}: ${permission}${on}${needed} (${code})`;
}

/** The documented rate that was hit; lib/aws/budget.ts names the sources. */
function limitOf({ service, operation }: AwsFailure): string {
  const isRead = /^(Describe|List|Get|Filter)/.test(operation);
  if (service === "elasticloadbalancing") return isRead ? "its 10 reads a second" : "its 3 changes a second";
  if (service === "ecs") return isRead ? "its 20 reads a second" : "its limit on changes";
  if (operation === "DescribeAlarms") return "its 9 looks at alarms a second";
  if (operation === "StartLiveTail") return "its 5 new sessions a second";
  return "this limit";
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
