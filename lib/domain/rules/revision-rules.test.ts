import { expect, test } from "vitest";
import { observation } from "../../testing/facts.ts";
import { parseImage } from "../observation/image-tag.ts";
import { findRepositoryBlocker, parseTaskDefinition } from "./revision-rules.ts";

const BOUNDS = {
  name: "library",
  accountId: "123456789012",
  region: "ap-northeast-2",
  repository: "library",
} as Parameters<typeof parseTaskDefinition>[1];
const arn = (changes: { partition?: string; region?: string; account?: string; name?: string } = {}) => {
  const { partition = "aws", region = BOUNDS.region, account = BOUNDS.accountId, name = "library-task:3" } = changes;
  return `arn:${partition}:ecs:${region}:${account}:task-definition/${name}`;
};

test.each<[string, string, { family: string; revision: number | null }]>([
  ["a family", "library-task", { family: "library-task", revision: null }],
  ["a family with its revision", "library-task:3", { family: "library-task", revision: 3 }],
  ["an ARN", arn(), { family: "library-task", revision: 3 }],
  ["an ARN of another partition's place", arn({ partition: "aws-cn" }), { family: "library-task", revision: 3 }],
  ["an ARN without a revision", arn({ name: "library-task" }), { family: "library-task", revision: null }],
])("%s is read", (_what, reference, value) => {
  expect(parseTaskDefinition(reference, BOUNDS)).toEqual({ ok: true, value });
});

test.each<[string, string, string]>([
  ["another account", arn({ account: "210987654321" }), "account 210987654321, ap-northeast-2, but"],
  ["another Region", arn({ region: "eu-central-1" }), "account 123456789012, eu-central-1, but"],
])("an ARN of %s is refused", (_what, reference, words) => {
  expect(parseTaskDefinition(reference, BOUNDS)).toMatchObject({
    ok: false,
    code: "REVISION_NOT_ALLOWED",
    message: expect.stringContaining(words),
  });
});

test.each([
  "",
  " library-task",
  "library-task:0",
  "library-task:03",
  "library-task:",
  "library/task:1",
  "arn:aws:ecs:ap-northeast-2:123456789012:service/main/library",
  arn({ name: "library-task:x" }),
  arn({ name: "library-task/3" }),
])("%j is refused as no task definition's name", (reference) => {
  expect(parseTaskDefinition(reference, BOUNDS)).toMatchObject({ ok: false, code: "INVALID_INPUT" });
});

const HOST = "123456789012.dkr.ecr.ap-northeast-2.amazonaws.com";
const DIGEST = `sha256:${"a".repeat(64)}`;
const imageOf = (image: string) => findRepositoryBlocker(BOUNDS, observation(), parseImage(image).repository);

test.each([
  `${HOST}/library:1.1.0`,
  `${HOST}/library@${DIGEST}`,
  `${HOST}/library:1.1.0@${DIGEST}`,
  "123456789012.dkr.ecr-fips.ap-northeast-2.amazonaws.com/library:1.1.0",
  "123456789012.dkr-ecr.ap-northeast-2.on.aws/library:1.1.0",
])("%s is of the application's repository", (image) => {
  expect(imageOf(image)).toBeNull();
});

test.each([
  `${HOST}/evil-library:1`,
  `${HOST}/library-evil:1`,
  `${HOST}/library/evil:1`,
  `${HOST}/evil/library:1`,
  `${HOST}/Library:1`,
  `${HOST}//library:1`,
  `${HOST}/library/:1`,
  `${HOST}/library:1:2`,
  `${HOST}/./library:1`,
  `${HOST}:443/library:1`,
  `${HOST.toUpperCase()}/library:1`,
  `${HOST}./library:1`,
  `${HOST}.cn/library:1`,
  `${HOST}.evil.example/library:1`,
  `evil.example/${HOST}/library:1`,
  `evil.example/library:1`,
  `210987654321.dkr.ecr.ap-northeast-2.amazonaws.com/library@${DIGEST}`,
  "123456789012.dkr.ecr.us-east-1.amazonaws.com/library:1",
  "123456789012.dkr.ecr.ap-northeast-2.amazonaws.eu/library:1",
  "123456789012.dkr.ecr.ap-northeast-2.amazonaws.com.evil.example/library:1",
  "library:1",
  "docker.io/library/library:1",
  `public.ecr.aws/library/library@${DIGEST}`,
])("%s is of another, whatever it looks like", (image) => {
  expect(imageOf(image)).toMatchObject({ code: "REVISION_NOT_ALLOWED" });
});
