import type * as Iam from "@aws-sdk/client-iam";
import { MANAGED_POLICIES } from "./managed-policies.ts";
import { parsePolicy } from "./simulated-policy.ts";

/** A role or user and what it may do. */
export interface Principal {
  arn: string;
  name: string;
  id: string;
  createdAt: Date;
  /** Null for a user. */
  trustPolicy: string | null;
  /** ARNs. */
  attached: Set<string>;
  inline: Map<string, string>;
  /** What a role was made with and is told again with. */
  told?: Pick<Iam.Role, "Description" | "MaxSessionDuration" | "PermissionsBoundary" | "Tags">;
}

/** Of its managed policies and of its own. */
export function statementsOf({ attached, inline }: Principal): ReturnType<typeof parsePolicy> {
  return [...[...attached].map((policy) => MANAGED_POLICIES[policy] ?? ""), ...inline.values()].flatMap(parsePolicy);
}
