import { z } from "zod";
import { foldAddress } from "../domain/access/address.ts";

/** Addresses and whole domains, in lower case. */
export const addressPatterns = z
  .array(
    z
      .string("give an e-mail address, or *@example.com for a whole domain")
      .regex(/^(\*|[^@\s*]+)@[^@\s*]+$/, "give an e-mail address, or *@example.com for a whole domain")
      .transform(foldAddress),
    "give a list of e-mail addresses",
  )
  .default([]);

const rule = z
  .strictObject(
    {
      addresses: addressPatterns,
      claims: z.array(z.string("give the claim's value"), "give a list of claim values").default([]),
    },
    "give { addresses: [...], claims: [...] }",
  )
  .default({ addresses: [], claims: [] });

const roles = { viewer: rule, operator: rule, approver: rule, admin: rule };
const ROLES_FIX = "give roles: { viewer: ..., operator: ..., approver: ..., admin: ... }";

/** `access:` of one application: who holds which role on it, besides what they hold on all. */
export const roleRulesSchema = z.strictObject(roles, ROLES_FIX);
export type RoleRules = z.infer<typeof roleRulesSchema>;

/** `access:` of switchyard.yaml: who holds which role on all applications. The highest role that matches counts. */
export const accessSchema = z.strictObject(
  {
    ...roles,
    /** One ready user for each role; only with an AWS endpoint on this machine. */
    sandboxUsers: z.boolean("give true or false").default(false),
  },
  ROLES_FIX,
);
export type AccessConfig = z.infer<typeof accessSchema>;

/** What is said of one application when nothing is. */
export const NO_ROLE_RULES: RoleRules = roleRulesSchema.parse({});

/** What is said when nothing is: nobody has a role by address or by a claim's value. */
export const NO_ACCESS: AccessConfig = accessSchema.parse({});
