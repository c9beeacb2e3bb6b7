import type { Sentence } from "../sentence/sentence.ts";
import type { AwsDeployment, AwsPause } from "./aws-deployment.ts";
import type { ComparedErrors } from "./compared-errors.ts";
import type { RevisionState } from "./revision-state.ts";
import type { WatchedAlarm } from "./side-metrics.ts";
import type { Slot, SlotColor } from "./slot.ts";
import type { SourceState } from "./source.ts";
import type { Traffic } from "./traffic.ts";
import type { WaysIn } from "./way-in.ts";

/** One look at an application in AWS: what a snapshot and the engine's decisions are made from. */
export interface Observation {
  application: string;
  /** Name of the cluster that its services are in. */
  cluster?: string;
  /** Epoch ms at which the oldest of its reads was sent. */
  observedAt: number;
  sources: SourceState[];
  traffic: Traffic;
  slots: Record<SlotColor, Slot>;
  /** Every listener and rule that leads to a side; left out until they were read. */
  waysIn?: WaysIn;
  /** The application's CloudWatch alarms; left out until they were read. */
  watchedAlarms?: WatchedAlarm[];
  /** Deployments that AWS drives, newest first; left out where Switchyard moves the traffic. */
  awsDeployments?: AwsDeployment[];
  /** Where ECS waits for a person in the service's next deployment; left out where it is not known, and where ECS does not deploy. */
  pauses?: AwsPause[];
  /** Why AWS would not deploy the service as this application is configured, in no language yet; left out while it would. */
  misfit?: Sentence;
  /**
   * The side of the service's primary task set, with which CodeDeploy expects the listener to agree; null where there is none.
   * Left out where CodeDeploy does not deploy.
   */
  primary?: SlotColor | null;
  /** By task definition ARN, whether tasks can still be started from it; what was not checked yet is left out. */
  revisions?: Readonly<Record<string, RevisionState>>;
  /** How the sides' kinds of error differed when that was last read; left out until it was. */
  errorKinds?: ComparedErrors;
}
