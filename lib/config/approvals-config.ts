import { z } from "zod";
import { ON_TIME_LIMIT } from "../domain/application/approval-policy.ts";
import { say } from "../domain/sentence/sentence.ts";
import { addressPatterns } from "./access-config.ts";
import { fix } from "./fix.ts";

const LIMIT_FIX = fix(say("config.pauseMinutes"));
const COUNT_FIX = fix(say("config.approvers"));

const from = z
  .strictObject(
    {
      /** A role counts with those above it. */
      roles: z
        .array(
          z.enum(["approver", "admin"], fix(say("config.approverRoles"))),
          fix(say("input.listOf", { what: say("config.noun.roles") })),
        )
        .default([]),
      addresses: addressPatterns,
      /** Values of the claim that OIDC_ROLE_CLAIM names. */
      claims: z
        .array(
          z.string(fix(say("input.give", { what: say("config.noun.claimValue") }))),
          fix(say("input.listOf", { what: say("config.noun.claimValues") })),
        )
        .default([]),
    },
    fix(say("input.shapeOptional", { shape: "{ roles: [...], addresses: [...], claims: [...] }" })),
  )
  .refine(
    ({ roles, addresses, claims }) => roles.length + addresses.length + claims.length > 0,
    fix(say("config.approversFrom")),
  );

const rule = z.strictObject(
  {
    approvers: z.int(COUNT_FIX).min(1, COUNT_FIX).max(10, COUNT_FIX),
    requesterMayApprove: z.boolean(fix(say("input.trueOrFalse"))).default(false),
    from: from.default({ roles: ["approver"], addresses: [], claims: [] }),
    timeLimitMinutes: z.int(LIMIT_FIX).min(1, LIMIT_FIX).max(20_160, LIMIT_FIX).default(1440),
    onTimeLimit: z
      .enum(ON_TIME_LIMIT, fix(say("input.chooseOneOf", { values: ON_TIME_LIMIT.join(", ") })))
      .default("ROLLBACK"),
  },
  fix(
    say("config.approvalShape", { shape: "{ approvers, requesterMayApprove, from, timeLimitMinutes, onTimeLimit }" }),
  ),
);

/** `approvals:` of an application: how many people approve what before production traffic moves. A rollback never waits. */
export const approvalsSchema = z.strictObject(
  { release: rule.nullable().default(null), switch: rule.nullable().default(null) },
  fix(say("config.approvalsShape", { shape: "{ release: {...}, switch: {...} }" })),
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
