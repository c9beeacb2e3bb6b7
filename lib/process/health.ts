import { openEventStreams } from "../streams/event-stream.ts";
import { peekRuntime, type Runtime } from "./runtime.ts";

/** One part's state; words only, no names of applications and nothing of AWS's messages. */
interface HealthCheck {
  status: "ok" | "degraded" | "failed";
  /** What is not as it should be. */
  detail?: string;
}

/**
 * "degraded" still serves: AWS or the database being away is shown on the pages, and a restart would not bring it back. Without
 * the database it would even take away the rollback that is left.
 */
export interface Health {
  status: "ok" | "degraded" | "starting" | "stopping";
  version: string;
  uptimeSeconds: number;
  checks: Partial<Record<"store" | "aws" | "credentials" | "engine" | "observer" | "audit" | "events", HealthCheck>> & {
    /** Event streams that this process holds open: a number that only grows is a leak. */
    streams?: HealthCheck & { open: number };
  };
}

const PING_WITHIN_MS = 3000;
/** A try that fails is made again every second; this many are more than a hiccup. */
const STUCK_AFTER_MS = 10_000;
/** Three of the engine's slowest rounds. */
const ROUND_WITHIN_MS = 30_000;
/** Well over the observer's slowest interval. */
const OLD_AFTER_MS = 60_000;

type Judged = Partial<Pick<Runtime, "events">> &
  Pick<Runtime, "store" | "aws" | "engine" | "observer" | "auditCheck" | "now" | "startedAt">;

/** How this process is. */
export async function readHealth(
  version: string,
  runtime: Judged | "stopping" | null = peekRuntime(),
): Promise<Health> {
  const uptimeSeconds = Math.round(process.uptime());
  if (runtime === null) return { status: "starting", version, uptimeSeconds, checks: {} };
  if (runtime === "stopping") return { status: "stopping", version, uptimeSeconds, checks: {} };
  const checks = {
    store: await checkStore(runtime),
    aws: checkAws(runtime),
    engine: checkEngine(runtime),
    credentials: checkCredentials(runtime),
    observer: checkObserver(runtime),
    audit: checkAudit(runtime),
    ...checkEvents(runtime),
    streams: { status: "ok", open: openEventStreams() } as const,
  };
  const isOk = Object.values(checks).every((check) => check.status === "ok");
  const status = isOk ? "ok" : "degraded";
  return { status, version, uptimeSeconds, checks };
}

async function checkStore({ store }: Pick<Runtime, "store">): Promise<HealthCheck> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error("late")), PING_WITHIN_MS);
  });
  try {
    await Promise.race([store.ping(), late]);
    return { status: "ok" };
  } catch {
    return { status: "failed", detail: "The database does not answer" };
  } finally {
    clearTimeout(timer);
  }
}

const STUCK_WORDS = {
  database: "the database does not answer",
  aws: "AWS does not answer as expected",
  fault: "a fault that the log has",
} as const;

function checkEngine({ engine, now }: Pick<Runtime, "engine" | "now">): HealthCheck {
  const { cameRoundAt, stuck } = engine.work();
  const silentMs = now() - cameRoundAt;
  if (silentMs > ROUND_WITHIN_MS)
    return { status: "failed", detail: `The engine did not come round for ${Math.round(silentMs / 1000)} s` };
  const oldest = stuck.find(({ since }) => now() - since > STUCK_AFTER_MS);
  if (!oldest) return { status: "ok" };
  const seconds = Math.round((now() - oldest.since) / 1000);
  return {
    status: "degraded",
    detail: `The oldest deployment could not be moved on for ${seconds} s: ${STUCK_WORDS[oldest.because]}`,
  };
}

function checkCredentials({ aws }: Pick<Runtime, "aws">): HealthCheck {
  const part = aws.unaccepted();
  if (part === null) return { status: "ok" };
  return { status: "degraded", detail: `AWS does not accept ${part === "clock" ? "this clock" : "the credentials"}` };
}

function checkAudit({ auditCheck }: Pick<Runtime, "auditCheck">): HealthCheck {
  const state = auditCheck.state();
  if (state === "broken") return { status: "degraded", detail: "The audit was changed in the database" };
  if (state === "unknown") return { status: "degraded", detail: "The audit could not be verified at the start" };
  return { status: "ok" };
}

/** Left out where no queue is configured. A queue that is away makes boards slower, nothing else. */
function checkEvents({ events = [] }: Judged): { events?: HealthCheck } {
  if (events.length === 0) return {};
  const use = events.map((consumer) => consumer.use());
  const wrong = use.filter(({ state }) => state === "away" || state === "denied");
  if (wrong.length === 0) return { events: { status: "ok" } };
  const queues = wrong
    .map(({ queue, state }) => `${queue} (${state === "denied" ? "denied" : "no answer"})`)
    .join(", ");
  return { events: { status: "degraded", detail: `ECS's events cannot be read: ${queues}. Looking by time goes on` } };
}

function checkAws({ observer }: Pick<Runtime, "observer">): HealthCheck {
  const unresolved = observer.unresolved().length;
  const sources = observer.applications().flatMap(({ name }) => observer.observation(name)?.sources ?? []);
  const notOk = sources.filter((source) => source.state !== "ok").map((source) => source.name);
  const details = [
    ...(unresolved > 0 ? [`${unresolved} of the applications cannot be found in AWS or read`] : []),
    ...(notOk.length > 0 ? [`Not answered as expected: ${[...new Set(notOk)].sort().join(", ")}`] : []),
  ];
  return details.length === 0 ? { status: "ok" } : { status: "degraded", detail: details.join(". ") };
}

function checkObserver({ observer, now, startedAt }: Pick<Runtime, "observer" | "now" | "startedAt">): HealthCheck {
  const ages = observer.applications().map(({ name }) => now() - (observer.observation(name)?.observedAt ?? startedAt));
  const oldest = Math.max(0, ...ages);
  return oldest < OLD_AFTER_MS
    ? { status: "ok" }
    : { status: "degraded", detail: `The oldest observation is ${Math.round(oldest / 1000)} s old` };
}
