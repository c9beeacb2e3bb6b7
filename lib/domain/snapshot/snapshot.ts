import type { Deployment } from "../deployment/deployment.ts";
import type { SeenDrift } from "../drift/drift-words.ts";
import type { WatchedAlarm } from "../observation/side-metrics.ts";
import type { Slot, SlotColor } from "../observation/slot.ts";
import type { Traffic } from "../observation/traffic.ts";
import type { Blocker } from "../rules/blocker.ts";
import type { Freeze } from "../rules/freeze.ts";

/** One AWS API family the picture is made of. */
export const SOURCE_NAMES = ["ecs", "elb", "cloudwatch", "logs", "ecr", "store"] as const;
export type SourceName = (typeof SOURCE_NAMES)[number];

/** What each source tells, as people call it. */
export const SOURCE_WORDS: Readonly<Record<SourceName, string>> = {
  ecs: "Tasks and events",
  elb: "Listener and targets",
  cloudwatch: "Metrics and alarms",
  logs: "Logs",
  ecr: "Images",
  store: "History",
};

/** How one source is doing; `ageMs` is the age of its newest data at `observedAt`. */
export interface SourceState {
  name: SourceName;
  state: "ok" | "stale" | "throttled" | "error";
  ageMs: number;
  /** Which permission is missing or which limit was hit, in words; AWS's code is in it. */
  message?: string;
}

export const CONTROLLERS = ["paired-services", "task-set", "ecs-native", "code-deploy"] as const;
export type ControllerName = (typeof CONTROLLERS)[number];

export const VERBS = ["deploy", "switch", "rollback", "approve", "reject", "abort", "extend", "retire"] as const;
export type Verb = (typeof VERBS)[number];

/** Whether a verb may be used now; when not, why not. */
export interface ActionState {
  allowed: boolean;
  blockers: Blocker[];
}

/** In which rollback is instant because the other side is still warm. `until` is epoch ms, null while nothing will end it. */
export interface RollbackWindow {
  until: number | null;
  instant: boolean;
  estimateSeconds: number;
  /** Whether `until` is the bake's end, or that of the window after it; left out while there is no end. */
  phase?: "bake" | "kept";
  /** How long the last real scale-up took; left out before the first. */
  lastScaleUpSeconds?: number;
  /** Where the old side is to be scaled down by itself: why that waits. */
  scaleDown?: { waitsFor: Blocker[] };
}

/** Something to look at first. */
export interface Alarm {
  severity: "fault" | "warning";
  slot?: SlotColor;
  message: string;
  /** Epoch ms since when it holds. */
  since: number;
}

/** One application as last observed: the unit of the overview, the board and the event stream. Times are epoch ms. */
export interface ApplicationSnapshot {
  name: string;
  region: string;
  cluster: string;
  controller: ControllerName;
  observedAt: number;
  sources: SourceState[];
  traffic: Traffic;
  slots: { blue: Slot; green: Slot };
  deployment: Deployment | null;
  /** The newest finished deployment; null before the first. */
  lastDeployment: Deployment | null;
  window: RollbackWindow | null;
  actions: Record<Verb, ActionState>;
  alarms: Alarm[];
  /** Changes in AWS that Switchyard did not make and nobody has acknowledged; left out when there is none. */
  drifts?: SeenDrift[];
  /** What stops the line now; left out while it runs. */
  freeze?: Freeze;
  /** CloudWatch alarms configured for the application; left out until they were read. */
  watchedAlarms?: WatchedAlarm[];
}
