import { z } from "zod";
import { foldAddress } from "../domain/access/address.ts";
import { say } from "../domain/sentence/sentence.ts";
import { fix } from "./fix.ts";

/** Addresses and whole domains, in lower case. */
export const addressPatterns = z
  .array(
    z
      .string(fix(say("input.email")))
      .regex(/^(\*|[^@\s*]+)@[^@\s*]+$/, fix(say("input.email")))
      .transform(foldAddress),
    fix(say("input.listOf", { what: say("config.noun.emails") })),
  )
  .default([]);

const rule = z
  .strictObject(
    {
      addresses: addressPatterns,
      claims: z
        .array(
          z.string(fix(say("input.give", { what: say("config.noun.claimValue") }))),
          fix(say("input.listOf", { what: say("config.noun.claimValues") })),
        )
        .default([]),
    },
    fix(say("input.shape", { shape: "{ addresses: [...], claims: [...] }" })),
  )
  .default({ addresses: [], claims: [] });

const roles = { viewer: rule, operator: rule, approver: rule, admin: rule };
const ROLES_FIX = fix(
  say("input.shape", { shape: "roles: { viewer: ..., operator: ..., approver: ..., admin: ... }" }),
);

/** `access:` of one application: who holds which role on it, besides what they hold on all. */
export const roleRulesSchema = z.strictObject(roles, ROLES_FIX);
export type RoleRules = z.infer<typeof roleRulesSchema>;

/** `access:` of switchyard.yaml: who holds which role on all applications. The highest role that matches counts. */
export const accessSchema = z.strictObject(
  {
    ...roles,
    /** One ready user for each role; only with an AWS endpoint on this machine. */
    sandboxUsers: z.boolean(fix(say("input.trueOrFalse"))).default(false),
  },
  ROLES_FIX,
);
export type AccessConfig = z.infer<typeof accessSchema>;

/** What is said of one application when nothing is. */
export const NO_ROLE_RULES: RoleRules = roleRulesSchema.parse({});

/** What is said when nothing is: nobody has a role by address or by a claim's value. */
export const NO_ACCESS: AccessConfig = accessSchema.parse({});
