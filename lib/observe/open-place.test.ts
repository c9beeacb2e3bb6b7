import { expect, onTestFinished, test } from "vitest";
import { createAws } from "../aws/aws.ts";
import type { AccountConfig } from "../config/accounts-config.ts";
import { placeOpener } from "./open-place.ts";

const STAGING: AccountConfig = {
  name: "staging",
  roleArn: "arn:aws:iam::111122223333:role/switchyard",
  externalId: null,
  regions: ["eu-west-1"],
  sourceIdentity: false,
  sessionTags: false,
  rateLimits: { "elb-read": { perSecond: 4 } },
};

test("each account is asked within its own limits, and the process's own account in every Region within those of that", () => {
  const own = createAws({ region: "ap-northeast-2", endpoint: "http://127.0.0.1:1", accountId: "123456789012" });
  const open = placeOpener(own, { now: () => 0, rateLimits: { "elb-read": { perSecond: 40 } } });
  const places = [open(STAGING, "eu-west-1", []), open(null, "us-east-1", [])];
  onTestFinished(() => {
    for (const { aws } of [{ aws: own }, ...places]) aws.destroy();
  });
  expect(places.map(({ aws }) => aws.budgets.rate("elb-read"))).toEqual([2, 20]);
  expect(places.map(({ aws }) => aws.budgets.rate("ecs-cluster-read"))).toEqual([10, 10]);
});
