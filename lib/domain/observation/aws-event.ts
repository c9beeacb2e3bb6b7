/** What an event of ECS's or CodeDeploy's is about. An event is no truth: it says where to look. */
export interface AwsEvent {
  /** EventBridge's id: the same when it is delivered twice. */
  id: string;
  account: string;
  region: string;
  /** Of ECS's, by their names. */
  service: { cluster: string; service: string } | null;
  /** Of CodeDeploy's, by their names. */
  codeDeploy: { application: string; group: string } | null;
  /** What its versions count, and which this is; null where events of its kind have none. */
  version: { of: string; number: number } | null;
}

const TYPES: Readonly<Record<string, RegExp>> = {
  "aws.ecs": /^ECS (?:Task State Change|Service Action|(?:Deployment|Hook) State Change)$/,
  "aws.codedeploy": /^CodeDeploy (?:Deployment|Instance) State-change Notification$/,
};
const MAX_TEXT = 2_048;
/** EventBridge's own limit on an event. */
const MAX_BYTES = 256 * 1024;

/**
 * Reads a message's body; null for anything but an event of a service of ECS's or a deployment of CodeDeploy's. Whoever may send to
 * the queue writes it, so every member is checked and none is kept that is not needed.
 */
export function readAwsEvent(body: string): AwsEvent | null {
  if (body.length > MAX_BYTES) return null;
  const event = parse(body);
  const detail = object(event?.detail);
  if (!event || !detail) return null;
  const source = text(event.source);
  if (!Object.hasOwn(TYPES, source) || !TYPES[source]?.test(text(event["detail-type"]))) return null;
  const service = source === "aws.ecs" ? serviceOf(event, detail) : null;
  const codeDeploy = source === "aws.codedeploy" ? groupOf(detail) : null;
  const [id, account, region] = [text(event.id), text(event.account), text(event.region)];
  if (!(service || codeDeploy) || id === "" || !/^\d{12}$/.test(account) || region === "") return null;
  const taskArn = text(detail.taskArn);
  const { version } = detail;
  const isCounted = service !== null && taskArn !== "" && typeof version === "number" && Number.isSafeInteger(version);
  return {
    ...{ id, account, region, service, codeDeploy },
    version: isCounted ? { of: taskArn, number: version } : null,
  };
}

/** https://docs.aws.amazon.com/codedeploy/latest/userguide/monitoring-cloudwatch-events.html */
function groupOf(detail: Readonly<Record<string, unknown>>): AwsEvent["codeDeploy"] {
  const [application, group] = [text(detail.application), text(detail.deploymentGroup)];
  return application === "" || group === "" ? null : { application, group };
}

/** From the service's ARN among the resources or in the detail, or from a task's group. */
function serviceOf(
  event: Readonly<Record<string, unknown>>,
  detail: Readonly<Record<string, unknown>>,
): AwsEvent["service"] {
  const resources = Array.isArray(event.resources) ? event.resources.slice(0, 10).map(text) : [];
  for (const arn of [text(detail.serviceArn), ...resources]) {
    // service/<cluster>/<service>, service-deployment/<cluster>/<service>/<id>; old ARNs of services lack the cluster.
    const parts = /^arn:[^:]*:ecs:[^:]*:\d{12}:(?:service|service-deployment)\/(.+)$/.exec(arn)?.[1]?.split("/") ?? [];
    const [first = "", second] = parts;
    if (second) return { cluster: first, service: second };
    const cluster = clusterName(detail);
    if (first !== "" && cluster !== "") return { cluster, service: first };
  }
  const group = /^service:(.+)$/.exec(text(detail.group))?.[1];
  const cluster = clusterName(detail);
  return group && cluster !== "" ? { cluster, service: group } : null;
}

function clusterName(detail: Readonly<Record<string, unknown>>): string {
  return /^arn:[^:]*:ecs:[^:]*:\d{12}:cluster\/(.+)$/.exec(text(detail.clusterArn))?.[1] ?? "";
}

function parse(body: string): Readonly<Record<string, unknown>> | null {
  try {
    return object(JSON.parse(body));
  } catch {
    return null;
  }
}

function object(value: unknown): Readonly<Record<string, unknown>> | null {
  // Safe because members of any object are unknown until they are checked.
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : null;
}

function text(value: unknown): string {
  return typeof value === "string" && value.length <= MAX_TEXT ? value : "";
}
