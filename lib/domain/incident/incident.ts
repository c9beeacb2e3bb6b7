import type { Deployment } from "../deployment/deployment.ts";
import type { ErrorKind } from "../observation/error-kinds.ts";
import type { LogLine } from "../observation/log-line.ts";
import type { MetricPoint } from "../observation/side-metrics.ts";
import type { Revision, SlotColor, SlotRole, Target, Task } from "../observation/slot.ts";
import type { TaskDefinitionChange } from "../observation/task-definition.ts";
import type { Weights } from "../observation/traffic.ts";
import type { Sentence } from "../sentence/sentence.ts";

export const INCIDENT_KINDS = [
  "task-stopped",
  "deployment-failed",
  "rolled-back",
  "stopped",
  "gate-timed-out",
  "retired",
] as const;
type IncidentKind = (typeof INCIDENT_KINDS)[number];

/** One entry of "What happened", in plain words. `at` is epoch ms. */
export interface IncidentMoment {
  at: number;
  about: "deployment" | "task" | "target" | "service" | "log";
  side: SlotColor | null;
  text: string;
  /** `text` in no language yet; left out where it is AWS's own words, and by older incidents. */
  said?: Sentence;
  isBad: boolean;
}

/** A side as it was when it happened. */
export interface IncidentSide {
  role: SlotRole;
  revision: Revision | null;
  counts: { desired: number; running: number; healthy: number; total: number };
  /** Running ones and those that had stopped, with each container's exit code; AWS's own words. */
  tasks: Pick<Task, "id" | "lastStatus" | "startedAt" | "stoppedAt" | "stopCode" | "stoppedReason" | "containers">[];
  targets: Pick<Target, "id" | "port" | "state" | "reason" | "description">[];
  /** Requests by the minute, oldest first; empty where CloudWatch told none. */
  metrics: MetricPoint[];
}

/** The same application's last deployment that went well, to compare with. */
export interface LastGood {
  deploymentId: string;
  finishedAt: number;
  revision: Revision | null;
  /** Seconds by stage, of the good one and of this; null where a deployment had none. */
  stages: { stage: string; good: number | null; now: number | null }[];
}

/** All that was kept of something that went wrong or ended, long after ECS has forgotten it. Secrets are masked. */
export interface Incident {
  id: string;
  application: string;
  /** Epoch ms. */
  at: number;
  kind: IncidentKind;
  /** What happened, in one sentence. */
  title: string;
  /** `title` in no language yet; left out by older incidents. */
  titleSaid?: Sentence;
  deployment: Pick<
    Deployment,
    "id" | "kind" | "status" | "from" | "to" | "revision" | "fromRevision" | "startedAt" | "reason"
  > | null;
  weights: Weights | null;
  sides: Record<SlotColor, IncidentSide>;
  timeline: IncidentMoment[];
  /** Kinds of error that only the side in question wrote, most frequent first. */
  newErrors: (Pick<ErrorKind, "signature" | "counts" | "firstAt"> & { example: string })[];
  /** Last lines around it, oldest first, of each side as many. */
  lines: LogLine[];
  /** What the deployment changed of what ran before; null where that could not be read. */
  changes: TaskDefinitionChange[] | null;
  lastGood: LastGood | null;
  /** What of it could not be had, and why. */
  missing: string[];
  /** `missing` in no language yet; left out by older incidents. */
  missingSaid?: Sentence[];
  /** How often each rule masked a secret in it. */
  masked: { name: string; count: number }[];
}

/** An incident in a list. */
export type IncidentHead = Pick<Incident, "id" | "application" | "at" | "kind" | "title" | "titleSaid"> & {
  deploymentId: string | null;
};

/** Lines of each side that are kept. */
export const INCIDENT_LINES = 200;
/** What is kept for each application, oldest gone first; bytes of JSON. */
export const INCIDENT_BYTES = 20_000_000;
