import type { Sentence } from "../sentence/sentence.ts";
import type { Told } from "../sentence/told.ts";
/** What people can be told of; configured by these names, and part of the payload's contract: only ever added to. */
export const NOTIFICATION_KINDS = [
  "approval.wanted",
  "approval.expiring",
  "approval.lapsed",
  "approval.rejected",
  "approval.expired",
  "traffic.switched",
  "switch.notProven",
  "window.closing",
  "deployment.rolledBack",
  "deployment.rollbackFailed",
  "deployment.stopped",
  "traffic.drifted",
  "line.frozen",
  "line.lifted",
  "traffic.unserved",
  "gate.expired",
  "window.opened",
  "window.closed",
  "deployment.started",
  "deployment.succeeded",
] as const;
export type NotificationKind = (typeof NOTIFICATION_KINDS)[number];

/** For programs rather than people: told only where they are named. */
const BY_NAME_ALONE: ReadonlySet<NotificationKind> = new Set(["deployment.started", "deployment.succeeded"]);

/** What is told where no events are named. */
export const USUAL_NOTIFICATION_KINDS = NOTIFICATION_KINDS.filter((kind) => !BY_NAME_ALONE.has(kind));

/** One thing that happened and that people are told of. `title` and `text` hold strangers' words: escape before use. */
export interface Notification {
  /** The same for the same event, whoever notices it and how often; printable ASCII without spaces. */
  id: string;
  application: string;
  /** Null where no deployment is behind it. */
  deploymentId: string | null;
  kind: NotificationKind;
  /** One line. */
  title: string;
  text: string;
  /** `title` and the lines of `text` in no language yet; left out by older ones. */
  titleSaid?: Sentence;
  lines?: readonly Told[];
  /** Path of the page to act on, without the dashboard's address. */
  deepLinkPath: string;
  /** Epoch ms at which it happened. */
  at: number;
}

export const DELIVERY_STATES = ["pending", "delivered", "failed"] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** One notification on its way to one endpoint. */
export interface Delivery {
  /** Number of its row; what a person names to have it tried now. */
  id: number;
  notification: Notification;
  /** "webhook:releases", "library/email:kim@example.com". */
  endpoint: string;
  state: DeliveryState;
  /** Tries so far, one that is under way included. */
  attempts: number;
  createdAt: number;
  /** When it is tried next; of no meaning once it is not pending. */
  nextAt: number;
  /** Null while pending. */
  finishedAt: number | null;
  /** What the newest failed try said, without secrets; null when none failed. */
  lastError: string | null;
  /** `lastError` in no language yet; left out where it is the endpoint's own text, and by older ones. */
  lastErrorSaid?: Sentence;
}
