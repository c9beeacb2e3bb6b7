import { z } from "zod";
import { ON_TIME_LIMIT } from "../domain/application/approval-policy.ts";
import { addressPatterns } from "./access-config.ts";

const LIMIT_FIX = "give 1 to 20160 minutes, as an ECS PAUSE hook takes";
const COUNT_FIX = "give how many people have to approve: 1 to 10";

const from = z
  .strictObject(
    {
      /** A role counts with those above it. */
      roles: z.array(z.enum(["approver", "admin"], "choose from approver, admin"), "give a list of roles").default([]),
      addresses: addressPatterns,
      /** Values of the claim that OIDC_ROLE_CLAIM names. */
      claims: z.array(z.string("give the claim's value"), "give a list of claim values").default([]),
    },
    "give { roles: [...], addresses: [...], claims: [...] }, any of which may be left out",
  )
  .refine(
    ({ roles, addresses, claims }) => roles.length + addresses.length + claims.length > 0,
    "name a role, an address or a claim's value, or leave it out for everybody with the role approver",
  );

const rule = z.strictObject(
  {
    approvers: z.int(COUNT_FIX).min(1, COUNT_FIX).max(10, COUNT_FIX),
    requesterMayApprove: z.boolean("give true or false").default(false),
    from: from.default({ roles: ["approver"], addresses: [], claims: [] }),
    timeLimitMinutes: z.int(LIMIT_FIX).min(1, LIMIT_FIX).max(20_160, LIMIT_FIX).default(1440),
    onTimeLimit: z.enum(ON_TIME_LIMIT, `choose one of ${ON_TIME_LIMIT.join(", ")}`).default("ROLLBACK"),
  },
  "give { approvers, requesterMayApprove, from, timeLimitMinutes, onTimeLimit }; only approvers is needed",
);

/** `approvals:` of an application: how many people approve what before production traffic moves. A rollback never waits. */
export const approvalsSchema = z.strictObject(
  { release: rule.nullable().default(null), switch: rule.nullable().default(null) },
  "give { release: {...}, switch: {...} }; a rollback never needs approval",
);

/** What is said when nothing is: nobody has to approve. */
export const NO_APPROVALS: ApprovalsConfig = { release: null, switch: null };

/** `approvals:` of one application, checked. */
export type ApprovalsConfig = z.infer<typeof approvalsSchema>;

/** Every claim's value whose holders' approval counts somewhere. */
export function namedInApprovals(applications: readonly { approvals?: ApprovalsConfig }[]): string[] {
  return applications.flatMap(({ approvals }) =>
    [approvals?.release, approvals?.switch].flatMap((each) => each?.from.claims ?? []),
  );
}
