import type { Permission, PolicyName, PolicyPlace } from "./permission.ts";
import { PERMISSIONS } from "./permissions.ts";

/** What the files in deploy/ are written for: any account and Region, log groups and roles of any task. */
export const ANY_PLACE: PolicyPlace = {
  partition: "aws",
  account: "*",
  region: "*",
  logGroups: ["/ecs/*"],
  roles: ["*"],
  repository: "REPOSITORY",
};

/** An identity policy as IAM takes it. */
interface PolicyDocument {
  Version: "2012-10-17";
  Statement: readonly {
    Sid: string;
    Effect: "Allow";
    Action: readonly string[];
    Resource: string | readonly string[];
    Condition?: Permission["condition"];
  }[];
}

/** The policies of these names in one document. */
export function makePolicy(names: readonly PolicyName[], place: PolicyPlace): PolicyDocument {
  const Statement = PERMISSIONS.filter(({ policy }) => names.includes(policy)).map(
    ({ sid, actions, on, condition }) => ({
      Sid: sid,
      Effect: "Allow" as const,
      Action: actions,
      Resource: on?.(place) ?? "*",
      ...(condition ? { Condition: condition } : {}),
    }),
  );
  return { Version: "2012-10-17", Statement };
}

/** Every policy file by its path in deploy/. */
export function policyFiles(place: PolicyPlace): Readonly<Record<string, PolicyDocument>> {
  return {
    "iam-policy.json": makePolicy(["watch", "deploy"], place),
    "iam/watch.json": makePolicy(["watch"], place),
    "iam/deploy.json": makePolicy(["deploy"], place),
    "iam/accounts.json": makePolicy(["accounts"], place),
    "iam/events.json": makePolicy(["events"], place),
    "iam/pipeline.json": makePolicy(["pipeline"], withoutWildcards(place)),
  };
}

/** A role that pushes images is for one repository: what is not said stands there as a word to replace. */
function withoutWildcards(place: PolicyPlace): PolicyPlace {
  const { account, region } = place;
  return { ...place, account: account === "*" ? "ACCOUNT" : account, region: region === "*" ? "REGION" : region };
}
