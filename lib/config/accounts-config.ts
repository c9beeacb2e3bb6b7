import { z } from "zod";
import { say } from "../domain/sentence/sentence.ts";
import { fix } from "./fix.ts";
import { rateLimitsSchema } from "./rate-limits-config.ts";
import { regionSchema } from "./region.ts";

const ROLE_FIX = fix(say("config.roleArn"));
const REGIONS_FIX = fix(say("input.listOf", { what: say("config.noun.regions") }));
const FLAG_FIX = fix(say("input.trueOrFalse"));

const accountSchema = z.strictObject(
  {
    /** What applications name it by. */
    name: z
      .string(fix(say("input.name")))
      .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, fix(say("input.lowerCase")))
      .max(64, fix(say("input.atMost", { count: 64 }))),
    /** The role in that account that Switchyard assumes. */
    roleArn: z.string(ROLE_FIX).regex(/^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/, ROLE_FIX),
    /** What the role's trust policy asks for; AWS's own bounds. */
    externalId: z
      .string(fix(say("config.externalId")))
      .regex(/^[\w+=,.@:/-]{2,1224}$/, fix(say("config.externalIdForm")))
      .nullable()
      .default(null),
    /** Where it has applications; the first is that of applications which name none. */
    regions: z.array(regionSchema, REGIONS_FIX).min(1, REGIONS_FIX),
    /** Whether CloudTrail is told by SourceIdentity who clicked: the trust policy has to allow sts:SetSourceIdentity. */
    sourceIdentity: z.boolean(FLAG_FIX).default(false),
    /** The same by the session tag `switchyard-actor`: the trust policy has to allow sts:TagSession. */
    sessionTags: z.boolean(FLAG_FIX).default(false),
    /** Its API rate limits, in each of its Regions, where they differ from AWS's. */
    rateLimits: rateLimitsSchema.default({}),
  },
  fix(say("input.shape", { shape: "{ name, roleArn, regions }" })),
);

/** AWS accounts besides that of Switchyard's own credentials. */
export const accountsSchema = z.array(accountSchema, fix(say("config.accountList")));

/** One of them. */
export type AccountConfig = z.infer<typeof accountSchema>;

/** The account's id, which is part of its role's ARN. */
export function accountIdOf({ roleArn }: Pick<AccountConfig, "roleArn">): string {
  return roleArn.split(":")[4] ?? "";
}

/** Where an application is. Null account: that of the process's own credentials. */
export function placeOf(
  { account: name, region }: { account: string | null; region: string | null },
  accounts: readonly AccountConfig[],
  /** Of the file or the environment. */
  ownRegion: string,
): { account: AccountConfig | null; region: string } {
  const account = accounts.find((one) => one.name === name) ?? null;
  return { account, region: region ?? account?.regions[0] ?? ownRegion };
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
      return [{ path: [...path, "name"], message: fix(say("config.nameOfAccount")) }];
    const same = earlier.find((each) => accountIdOf(each) === accountIdOf(account));
    return same ? [{ path: [...path, "roleArn"], message: fix(say("config.sameAccount", { name: same.name })) }] : [];
  });
  for (const [index, { account: name, region }] of applications.entries()) {
    if (name === null) continue;
    const account = accounts.find((each) => each.name === name);
    const path = ["applications", index];
    if (!account)
      problems.push({
        path: [...path, "account"],
        message: fix(
          say("config.oneOfAccounts", {
            names: accounts.map((each) => each.name).join(", ") || say("config.thereIsNone"),
          }),
        ),
      });
    else if (region !== null && !account.regions.includes(region))
      problems.push({
        path: [...path, "region"],
        message: fix(say("config.oneOfRegions", { name, regions: account.regions.join(", ") })),
      });
  }
  return problems;
}
