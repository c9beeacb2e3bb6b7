import { expect, test } from "vitest";
import { findSecretProblem, readSecretReference } from "./managed-secret.ts";

const ARN = "arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:library/db-AbCdEf";
const OWN = { arn: ARN, region: "ap-northeast-2", accountId: "123456789012" };

test.each([
  [ARN, { ...OWN, stage: null, versionId: null }],
  [`${ARN}:password::`, { ...OWN, stage: null, versionId: null }],
  [`${ARN}::AWSPREVIOUS:`, { ...OWN, stage: "AWSPREVIOUS", versionId: null }],
  [`${ARN}:password::9d4cb84b`, { ...OWN, stage: null, versionId: "9d4cb84b" }],
  [ARN.replace("arn:aws:", "arn:aws-cn:"), { ...OWN, arn: ARN.replace("arn:aws:", "arn:aws-cn:") }],
  ["/library/db/url", null],
  ["arn:aws:ssm:ap-northeast-2:123456789012:parameter/library/db/url", null],
  ["arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:", null],
])("%s", (from, wanted) => {
  if (wanted === null) expect(readSecretReference(from)).toBeNull();
  else expect(readSecretReference(from)).toMatchObject(wanted);
});

const versions = [
  { id: "1", stages: ["AWSPREVIOUS"] },
  { id: "2", stages: ["AWSCURRENT"] },
];

test.each([
  ["no secret", null, {}, "missing"],
  ["one that waits for its end", { isDeleted: true, versions }, {}, "deleted"],
  ["one that never got a value", { isDeleted: false, versions: [] }, {}, "noVersion"],
  ["the current one", { isDeleted: false, versions }, {}, null],
  ["the one before", { isDeleted: false, versions }, { stage: "AWSPREVIOUS" }, null],
  ["a label that no version has", { isDeleted: false, versions }, { stage: "AWSPENDING" }, "noVersion"],
  ["a version by its id", { isDeleted: false, versions }, { versionId: "1" }, null],
  ["a version without a label, which no list has", { isDeleted: false, versions }, { versionId: "0" }, "unlisted"],
  [
    "a label of a version that no list has",
    { isDeleted: false, versions },
    { stage: "x", versionId: "0" },
    "noVersion",
  ],
  ["a label of another version", { isDeleted: false, versions }, { stage: "AWSCURRENT", versionId: "1" }, "noVersion"],
] as const)("%s", (_what, secret, wanted, problem) => {
  expect(findSecretProblem(secret, { stage: null, versionId: null, ...wanted })).toBe(problem);
});
