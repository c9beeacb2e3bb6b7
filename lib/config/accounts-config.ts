import { z } from "zod";
import { regionSchema } from "./region.ts";

const ROLE_FIX = "give the role's ARN, as arn:aws:iam::111122223333:role/switchyard";
const REGIONS_FIX = "give a list of Regions";
const FLAG_FIX = "give true or false";

const accountSchema = z.strictObject(
  {
    /** What applications name it by. */
    name: z
      .string("give a name")
      .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "use lower-case letters, digits and single hyphens")
      .max(64, "use 64 characters or fewer"),
    /** The role in that account that Switchyard assumes. */
    roleArn: z.string(ROLE_FIX).regex(/^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/, ROLE_FIX),
    /** What the role's trust policy asks for; AWS's own bounds. */
    externalId: z
      .string("give the trust policy's sts:ExternalId")
      .regex(/^[\w+=,.@:/-]{2,1224}$/, "give 2 to 1,224 letters, digits and +=,.@:/-")
      .nullable()
      .default(null),
    /** Where it has applications; the first is that of applications which name none. */
    regions: z.array(regionSchema, REGIONS_FIX).min(1, REGIONS_FIX),
    /** Whether CloudTrail is told by SourceIdentity who clicked: the trust policy has to allow sts:SetSourceIdentity. */
    sourceIdentity: z.boolean(FLAG_FIX).default(false),
    /** The same by the session tag `switchyard-actor`: the trust policy has to allow sts:TagSession. */
    sessionTags: z.boolean(FLAG_FIX).default(false),
  },
  "give { name, roleArn, regions }",
);

/** AWS accounts besides that of Switchyard's own credentials. */
export const accountsSchema = z.array(accountSchema, "give a list with one entry for each account");

/** One of them. */
export type AccountConfig = z.infer<typeof accountSchema>;

/** The account's id, which is part of its role's ARN. */
export function accountIdOf({ roleArn }: Pick<AccountConfig, "roleArn">): string {
  return roleArn.split(":")[4] ?? "";
}

/** What of accounts, and of applications that name them, does not fit, with the place in the file. */
export function findAccountProblems(
  accounts: readonly AccountConfig[],
  applications: readonly { name: string; account: string | null; region: string | null }[],
): { path: (string | number)[]; message: string }[] {
  const problems = accounts.flatMap((account, index) => {
    const earlier = accounts.slice(0, index);
    const path = ["accounts", index];
    if (earlier.some(({ name }) => name === account.name))
      return [{ path: [...path, "name"], message: "choose another name: an earlier account has it" }];
    const same = earlier.find((each) => accountIdOf(each) === accountIdOf(account));
    return same
      ? [{ path: [...path, "roleArn"], message: `name one role for each account: ${same.name} is the same account` }]
      : [];
  });
  for (const [index, { account: name, region }] of applications.entries()) {
    if (name === null) continue;
    const account = accounts.find((each) => each.name === name);
    const path = ["applications", index];
    if (!account)
      problems.push({
        path: [...path, "account"],
        message: `name one of accounts: ${accounts.map((each) => each.name).join(", ") || "there is none"}`,
      });
    else if (region !== null && !account.regions.includes(region))
      problems.push({
        path: [...path, "region"],
        message: `name one of ${name}'s regions: ${account.regions.join(", ")}, or add it there`,
      });
  }
  return problems;
}
