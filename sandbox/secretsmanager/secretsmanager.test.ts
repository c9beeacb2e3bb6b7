import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  PutSecretValueCommand,
  RestoreSecretCommand,
  SecretsManagerClient,
  TagResourceCommand,
} from "@aws-sdk/client-secrets-manager";
import { afterEach, beforeEach, expect, it } from "vitest";
import { startTestServer, testBase } from "../protocol/test-server.ts";
import { createSecretsManager, type SecretsManagerSimulator } from "./secretsmanager.ts";

let server: Awaited<ReturnType<typeof startTestServer>>;
let client: SecretsManagerClient;
let secrets: SecretsManagerSimulator;
let base: ReturnType<typeof testBase>;

beforeEach(async () => {
  base = testBase();
  secrets = createSecretsManager(base);
  server = await startTestServer({ services: [secrets.service] });
  client = new SecretsManagerClient(server.clientConfig);
});
afterEach(async () => {
  client.destroy();
  await server.close();
});

const create = async (Name: string, SecretString?: string) => {
  const { ARN = "" } = await client.send(new CreateSecretCommand({ Name, SecretString }));
  return ARN;
};

it("keeps versions: the current one and the one before, each by label or id", async () => {
  const arn = await create("library/db", "first");
  expect(arn).toMatch(/^arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:library\/db-[0-9A-Za-z]{6}$/);
  await client.send(new PutSecretValueCommand({ SecretId: arn, SecretString: "second" }));
  const read = (more: object = {}) => client.send(new GetSecretValueCommand({ SecretId: "library/db", ...more }));
  expect(await read()).toMatchObject({ ARN: arn, SecretString: "second", VersionStages: ["AWSCURRENT"] });
  expect(await read({ VersionStage: "AWSPREVIOUS" })).toMatchObject({ SecretString: "first" });
  // A version whose label went to a newer one is in no list any more, and can be read all the same.
  const { VersionId } = await read({ VersionStage: "AWSPREVIOUS" });
  await client.send(new PutSecretValueCommand({ SecretId: arn, SecretString: "third" }));
  const { VersionIdsToStages = {} } = await client.send(new DescribeSecretCommand({ SecretId: arn }));
  expect(Object.keys(VersionIdsToStages)).not.toContain(VersionId);
  expect(await read({ VersionId })).toMatchObject({ SecretString: "first" });
  await expect(read({ VersionStage: "mine" })).rejects.toMatchObject({
    name: "ResourceNotFoundException",
    message: "Secrets Manager can't find the specified secret value for staging label: mine",
  });
});

it("describes and lists without values", async () => {
  const arn = await create("library/db", "made-up");
  await client.send(new TagResourceCommand({ SecretId: arn, Tags: [{ Key: "team", Value: "library" }] }));
  // An ARN without its last six characters names it as well.
  const described = await client.send(new DescribeSecretCommand({ SecretId: arn.slice(0, -7) }));
  expect(described).toMatchObject({ Name: "library/db", Tags: [{ Key: "team", Value: "library" }] });
  expect(Object.values(described.VersionIdsToStages ?? {})).toEqual([["AWSCURRENT"]]);
  await create("other");
  const listed = await client.send(new ListSecretsCommand({ Filters: [{ Key: "name", Values: ["library/"] }] }));
  expect(listed.SecretList?.map(({ ARN }) => ARN)).toEqual([arn]);
  expect(JSON.stringify([described, listed])).not.toContain("made-up");
  const first = await client.send(new ListSecretsCommand({ MaxResults: 1 }));
  const rest = await client.send(new ListSecretsCommand({ NextToken: first.NextToken }));
  expect(rest.SecretList?.map(({ Name }) => Name)).toEqual(["other"]);
});

it("a deleted secret cannot be read until it is restored, and is gone when its window ends", async () => {
  const arn = await create("library/db", "x");
  await client.send(new DeleteSecretCommand({ SecretId: arn, RecoveryWindowInDays: 7 }));
  const { DeletedDate } = await client.send(new DescribeSecretCommand({ SecretId: arn }));
  expect(DeletedDate?.getTime()).toBe(Math.floor((base.clock.now() + 7 * 86_400_000) / 1000) * 1000);
  await expect(client.send(new GetSecretValueCommand({ SecretId: arn }))).rejects.toMatchObject({
    name: "InvalidRequestException",
    message: "You can't perform this operation on the secret because it was marked for deletion.",
  });
  await expect(create("library/db")).rejects.toMatchObject({
    name: "InvalidRequestException",
    message: "You can't create this secret because a secret with this name is already scheduled for deletion.",
  });
  expect((await client.send(new ListSecretsCommand({}))).SecretList).toEqual([]);
  expect(secrets.findProblem(arn)).toContain("marked for deletion");
  await client.send(new RestoreSecretCommand({ SecretId: arn }));
  expect(secrets.findProblem(arn)).toBeNull();
  await client.send(new DeleteSecretCommand({ SecretId: arn, ForceDeleteWithoutRecovery: true }));
  await expect(client.send(new DescribeSecretCommand({ SecretId: arn }))).rejects.toMatchObject({
    name: "ResourceNotFoundException",
    message: "Secrets Manager can't find the specified secret.",
  });
  // Made again under the same name it has another ARN: task definitions that name the first one do not read it.
  expect(await create("library/db", "x")).not.toBe(arn);
  expect(secrets.findProblem(arn)).toBe("ResourceNotFoundException: Secrets Manager can't find the specified secret.");
});

it("says why tasks cannot read what their definition names", async () => {
  const arn = await create("library/db");
  expect(secrets.findProblem(`${arn}:password::`)).toContain("staging label: AWSCURRENT");
  await client.send(new PutSecretValueCommand({ SecretId: arn, SecretString: "x" }));
  expect(secrets.findProblem(`${arn}:password::`)).toBeNull();
  expect(secrets.findProblem(`${arn}:password:AWSPREVIOUS:`)).toContain("staging label: AWSPREVIOUS");
  // A private registry's credentials may be named without their ARN.
  expect(secrets.findProblem("library/db")).toBeNull();
  expect(secrets.findProblem("library/other")).toContain("can't find the specified secret");
});

it("refuses what Secrets Manager refuses", async () => {
  const arn = await create("library/db", "x");
  await expect(create("library/db")).rejects.toMatchObject({
    name: "ResourceExistsException",
    message: "The operation failed because the secret library/db already exists.",
  });
  await expect(create("no spaces")).rejects.toMatchObject({ name: "ValidationException" });
  const remove = (more: object) => client.send(new DeleteSecretCommand({ SecretId: arn, ...more }));
  await expect(remove({ RecoveryWindowInDays: 3 })).rejects.toThrow(/between 7 and 30 days/);
  await expect(remove({ RecoveryWindowInDays: 7, ForceDeleteWithoutRecovery: true })).rejects.toThrow(/in conjunction/);
});
