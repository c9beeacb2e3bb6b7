import { expect, test } from "vitest";
import { parseConfigFile } from "./config-file.ts";

const file = (accounts: string, application: string) => `
accounts: ${accounts}
applications:
  - { name: shop, cluster: c, ${application}, listener: { loadBalancer: l, port: 80 }, blue: { service: b, targetGroup: b }, green: { service: g, targetGroup: g } }
`;
const STAGING =
  "{ name: staging, roleArn: 'arn:aws:iam::111122223333:role/switchyard', regions: [eu-central-1, us-east-1] }";

test("an application names its account and Region; a role needs no more than its ARN and Regions", () => {
  const parsed = parseConfigFile(file(`[${STAGING}]`, "account: staging, region: us-east-1"), "switchyard.yaml", {});
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  expect(parsed.file.accounts).toEqual([
    {
      name: "staging",
      roleArn: "arn:aws:iam::111122223333:role/switchyard",
      externalId: null,
      regions: ["eu-central-1", "us-east-1"],
      sourceIdentity: false,
      sessionTags: false,
      rateLimits: {},
    },
  ]);
  expect(parsed.file.applications[0]).toMatchObject({ account: "staging", region: "us-east-1" });
});

test.each([
  ["an account that is not there", `[${STAGING}]`, "account: prod", "name one of accounts: staging"],
  ["an account where there is none", "[]", "account: prod", "name one of accounts: there is none"],
  [
    "a Region that the account does not name",
    `[${STAGING}]`,
    "account: staging, region: eu-west-1",
    "name one of staging's regions: eu-central-1, us-east-1, or add it there",
  ],
  [
    "a name twice",
    `[${STAGING}, ${STAGING.replace("111122223333", "444455556666")}]`,
    "account: staging",
    "choose another name: an earlier account has it",
  ],
  [
    "one account by two names",
    `[${STAGING}, ${STAGING.replace("staging", "stage")}]`,
    "account: staging",
    "name one role for each account: staging is the same account",
  ],
  [
    "a role that is none",
    `[${STAGING.replace(":role/", ":user/")}]`,
    "account: staging",
    "give the role's ARN, as arn:aws:iam::111122223333:role/switchyard",
  ],
  [
    "no Region",
    `[${STAGING.replace("[eu-central-1, us-east-1]", "[]")}]`,
    "account: staging",
    "give a list of Regions",
  ],
])("%s is refused where it stands, with the fix", (_what, accounts, application, fix) => {
  const parsed = parseConfigFile(file(accounts, application), "switchyard.yaml", {});
  expect(parsed.ok).toBe(false);
  if (!parsed.ok) expect(parsed.problems.map((problem) => problem.fix)).toContain(fix);
});
