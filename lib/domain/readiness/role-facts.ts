import type { Look } from "./look.ts";

/** What IAM says of such a role. */
export interface InfrastructureFact {
  arn: string;
  role: Look<RoleFact | null>;
  may: Look<readonly MayFact[]>;
}

export interface RoleFact {
  arn: string;
  /** Services that may assume it, such as "ecs-tasks.amazonaws.com". */
  trusts: readonly string[];
}

/** One answer of IAM's policy simulator. */
export interface MayFact {
  action: string;
  resource: string;
  isAllowed: boolean;
  /** A policy asks for something of the request that the simulator was not told, so that a refusal is no answer. */
  needsContext: boolean;
}

/** What Switchyard itself may do of what it needs. */
export interface OwnRights {
  /** By IAM's simulator or, where that is denied, by what AWS answered and denied to this look. */
  way: "simulated" | "tried";
  /** Why the simulator could not be asked; null where it was. */
  why: string | null;
  answers: readonly { action: string; answer: "allowed" | "denied" | "unknown" }[];
}
