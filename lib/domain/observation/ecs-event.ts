/** What an event of ECS's is about. An event is no truth: it says where to look. */
export interface EcsEvent {
  /** EventBridge's id: the same when it is delivered twice. */
  id: string;
  account: string;
  region: string;
  /** Cluster's name. */
  cluster: string;
  /** Service's name. */
  service: string;
  /** What its versions count, and which this is; null where events of its kind have none. */
  version: { of: string; number: number } | null;
}

const TYPE = /^ECS (?:Task State Change|Service Action|(?:Deployment|Hook) State Change)$/;
const MAX_TEXT = 2_048;
/** EventBridge's own limit on an event. */
const MAX_BYTES = 256 * 1024;

/**
 * Reads a message's body; null for anything but an event of a service of ECS's. Whoever may send to the queue writes it, so every
 * member is checked and none is kept that is not needed.
 */
export function readEcsEvent(body: string): EcsEvent | null {
  if (body.length > MAX_BYTES) return null;
  const event = parse(body);
  const detail = object(event?.detail);
  if (!event || !detail || event.source !== "aws.ecs" || !TYPE.test(text(event["detail-type"]))) return null;
  const named = serviceOf(event, detail);
  const [id, account, region] = [text(event.id), text(event.account), text(event.region)];
  if (!named || id === "" || !/^\d{12}$/.test(account) || region === "") return null;
  const taskArn = text(detail.taskArn);
  const { version } = detail;
  const isCounted = taskArn !== "" && typeof version === "number" && Number.isSafeInteger(version);
  return { id, account, region, ...named, version: isCounted ? { of: taskArn, number: version } : null };
}

/** From the service's ARN among the resources or in the detail, or from a task's group. */
function serviceOf(
  event: Readonly<Record<string, unknown>>,
  detail: Readonly<Record<string, unknown>>,
): { cluster: string; service: string } | null {
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
