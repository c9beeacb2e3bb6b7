import type { Capabilities } from "../application/capabilities.ts";
import type { ControllerName } from "../application/controller-name.ts";
import type { AutomaticRollback } from "../deployment/automatic-rollback.ts";
import type { Deployment } from "../deployment/deployment.ts";
import type { OpenWindow, RollbackWindow } from "../deployment/window.ts";
import type { SeenDrift } from "../drift/drift-words.ts";
import type { AwsDeployment } from "../observation/aws-deployment.ts";
import type { WatchedAlarm } from "../observation/side-metrics.ts";
import type { Slot, SlotColor } from "../observation/slot.ts";
import type { SourceState } from "../observation/source.ts";
import type { Traffic } from "../observation/traffic.ts";
import type { WayIn } from "../observation/way-in.ts";
import type { Alarm } from "../rules/alarm.ts";
import type { Freeze } from "../rules/freeze.ts";
import type { ActionState } from "../verb/action-state.ts";
import type { Verb } from "../verb/verb.ts";

/** One application as last observed: the unit of the overview, the board and the event stream. Times are epoch ms. */
export interface ApplicationSnapshot {
  name: string;
  region: string;
  /** The AWS account's id. Left out by snapshots from before it was told. */
  account?: string;
  /** Who looks after it, as switchyard.yaml says; left out where it does not. */
  team?: string;
  cluster: string;
  controller: ControllerName;
  /** What this way of deploying can do; left out by snapshots from before it was told. */
  capabilities?: Capabilities;
  /** Epoch ms at which the oldest of what it is made from was asked of AWS; 0 while `isUnread`. */
  observedAt: number;
  /** When this was put together: ages in it are relative to this. Left out by snapshots from before it was told. */
  answeredAt?: number;
  /** True while nothing of it has been read yet; left out afterwards. */
  isUnread?: true;
  sources: SourceState[];
  traffic: Traffic;
  slots: { blue: Slot; green: Slot };
  /** Every way in: listeners and rules that lead to either group, with their weights; left out until they were read. */
  waysIn?: WayIn[];
  deployment: Deployment | null;
  /** The newest finished deployment; null before the first. */
  lastDeployment: Deployment | null;
  window: RollbackWindow | null;
  /** The side that a rollback means now, whether or not it may be made; null where there is none. */
  rollbackTo: SlotColor | null;
  /** The window that is open now, with whose it is and the side that it keeps; left out while none is. */
  openWindow?: OpenWindow;
  actions: Record<Verb, ActionState>;
  alarms: Alarm[];
  /** Changes in AWS that Switchyard did not make and nobody has acknowledged; left out when there is none. */
  drifts?: SeenDrift[];
  /** The newest deployment that Switchyard rolled back by itself; left out when there is none, or a person has acknowledged it. */
  automaticRollback?: AutomaticRollback;
  /** What stops the line now; left out while it runs. */
  freeze?: Freeze;
  /** CloudWatch alarms configured for the application; left out until they were read. */
  watchedAlarms?: WatchedAlarm[];
  /** AWS's newest deployment, where AWS moves the traffic; left out elsewhere, and before the first. */
  awsDeployment?: AwsDeployment;
}
