/** What kind of failure it is, which decides what a person reads and whether trying again can help. */
export type AwsFailureKind = "throttled" | "denied" | "missing" | "invalid" | "unavailable" | "other";

/** Names of services as they appear in IAM actions. */
export type AwsServiceName = "ecs" | "elasticloadbalancing" | "ecr" | "logs" | "cloudwatch" | "sts";

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
  /** The IAM action that the call needs, named only where access was denied. */
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
    this.permission = fields.kind === "denied" ? `${fields.service}:${fields.operation}` : null;
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
  "AuthFailure",
  "OptInRequired",
  "UnrecognizedClientException",
  "InvalidClientTokenId",
  "InvalidSignatureException",
  "SignatureDoesNotMatch",
  "MissingAuthenticationToken",
  "MissingAuthenticationTokenException",
  "IncompleteSignature",
  "ExpiredToken",
  "ExpiredTokenException",
  "CredentialsProviderError",
]);
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

/** One sentence for a panel: which permission is missing, which limit was hit, or what AWS said, with its code. */
export function describeFailure(failure: AwsFailure): string {
  const call = `${failure.service}:${failure.operation}`;
  switch (failure.kind) {
    case "denied":
      return `Not allowed: ${call} (${failure.code}). Grant this action to Switchyard's role`;
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
  if (DENIED.has(code)) return "denied";
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
