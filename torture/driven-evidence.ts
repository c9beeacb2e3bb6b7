import type { DrivenName } from "../bench/driven-world.ts";
import type { Deployment, JournalEntry } from "../lib/domain/deployment/deployment.ts";
import type { ApiRequest, AwsWrite, Trouble } from "./evidence.ts";

/** What somebody else did in AWS, from its first call to its last. */
export interface HandAct {
  at: number;
  until: number;
  application: DrivenName;
  what: string;
}

/** A click of ours that answers a gate or approves, with what was read just before it. */
export interface Click {
  at: number;
  application: DrivenName;
  verb: "switch" | "retire" | "approve";
  /** The gate that was on what was read; null where none was. */
  gate: string | null;
  deploymentId: string | null;
  /** 0 where no answer came. */
  status: number;
}

/** One of AWS's deployments as AWS tells of it in the end; times are epoch ms. */
export interface AwsEnd {
  application: DrivenName;
  id: string;
  status: string;
  isOver: boolean;
  finishedAt: number | null;
  /** CodeDeploy's id of the deployment that this one rolls back. */
  undoes: string | null;
  gates: { id: string; status: string; expiresAt: number | null }[];
}

/** Everything that a run with AWS's own drivers left behind to be judged. */
export interface DrivenEvidence {
  startedAt: number;
  endedAt: number;
  /** Calls of the program's that change something; of nobody else. */
  writes: readonly (AwsWrite & { service: string })[];
  hands: readonly HandAct[];
  troubles: readonly Trouble[];
  requests: readonly ApiRequest[];
  clicks: readonly Click[];
  deployments: readonly (Deployment & { journal: JournalEntry[] })[];
  aws: readonly AwsEnd[];
  /** Applications whose releases people have to approve. */
  approved: readonly DrivenName[];
}
