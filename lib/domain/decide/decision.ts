import type { Application } from "../application/application.ts";
import type { Deployment } from "../deployment/deployment.ts";
import type { Observation } from "../observation/observation.ts";
import type { Revision, SlotColor } from "../observation/slot.ts";
import type { Weights } from "../observation/traffic.ts";
import type { Told } from "../sentence/told.ts";

/** One thing to ask of AWS. Each may be asked twice: the controller looks whether it already is so. */
export type Step =
  | { type: "registerRevision"; slot: SlotColor; request: { image: string } | { taskDefinition: string } }
  | {
      type: "startSide";
      slot: SlotColor;
      revision: Revision;
      desired: number;
      purpose: "release" | "restore" | "rollback";
    }
  | { type: "shift"; to: SlotColor; expected: Weights; weights: Weights }
  /** The test listener's weights: to the new side, or back to what they were. */
  | { type: "shiftTest"; to: SlotColor; expected: Weights; weights: Weights; purpose: "release" | "restore" }
  /** One request through the test listener. */
  | { type: "smoke"; slot: SlotColor; tries: number }
  /** With `part`, one step of several: only the first request on `to` is looked for. */
  | { type: "prove"; to: SlotColor; sentAt: number; part?: number }
  /** With `functions`, ARNs of Lambda functions, what they wrote since then (epoch ms) is read as well. */
  | { type: "readEvidence"; slot: SlotColor; functions?: { arns: string[]; since: number } }
  /** Has AWS deploy the revision; only where AWS drives, as the next two. */
  | { type: "startAws"; revision: Revision }
  | { type: "answerGate"; gate: string; action: "CONTINUE" | "ROLLBACK" }
  | { type: "rollBackAws"; id: string };

/** What to do next about a deployment: ask AWS, change the record, or wait and say for what. */
export type Decision =
  | { kind: "step"; step: Step }
  | { kind: "change"; deployment: Deployment; note: Told }
  | { kind: "wait"; reason: Told }
  /** A look at AWS newer than this (epoch ms) is needed first. */
  | { kind: "look"; notBefore: number; reason: Told }
  | { kind: "end" };

/** The settings that decisions rest on. Without `checks` nothing turns a deployment round by itself. */
type DecideSettings = Pick<Application, "minimumHealthy" | "stableChecks" | "bakeMinutes" | "requestLine"> &
  Partial<Pick<Application, "checks" | "alarms" | "maintenanceWindow" | "testListener" | "smoke">>;

/** What a decision looks at besides the record. */
export interface World {
  observation: Observation;
  settings: DecideSettings;
  /** Why nothing may move forward: deployments are frozen, or somebody else changed something; null or left out otherwise. */
  held?: Told | null;
  now: number;
}

/** A write of weights rests on a look at AWS no older than this. */
export const FRESH_MS = 5_000;
/** Time between two looks for proof: FilterLogEvents allows few calls a second. */
export const PROVE_EVERY_MS = 900;
/** Weights read other than written for this long were changed by somebody else; less may be an old reading. */
export const EXTERNAL_CHANGE_AFTER_MS = 3_000;
