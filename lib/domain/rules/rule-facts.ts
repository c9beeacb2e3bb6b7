import type { Application } from "../application/application.ts";
import type { MaintenanceWindow } from "../application/maintenance-window.ts";
import type { Deployment } from "../deployment/deployment.ts";
import type { Ledger } from "../drift/ledger.ts";
import type { Observation } from "../observation/observation.ts";
import type { HealthBounds } from "../observation/side-health.ts";
import type { Freeze } from "./freeze.ts";
import type { UnapprovedRevision } from "./unapproved-rules.ts";

/** What every rule looks at. */
export interface RuleFacts {
  application: HealthBounds & Partial<Pick<Application, "controller" | "requestLine" | "approvals" | "checks">>;
  observation: Observation;
  /** The one in flight. */
  deployment: Deployment | null;
  /** Finished ones, newest first. */
  history: readonly Deployment[];
  /** The quiet hours or freeze window of now; null or left out outside of all. */
  closed?: MaintenanceWindow | null;
  /** Judged with this look; its drifts are the changes that Switchyard did not make and nobody has acknowledged. */
  ledger?: Ledger | null;
  /** What stops the line; null, also when left out, while it runs. */
  freeze?: Freeze | null;
  /** Revisions whose newest release ended without its approval; none when left out. */
  unapproved?: readonly UnapprovedRevision[];
  now: number;
}
