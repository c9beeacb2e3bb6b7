import {
  DeleteParameterCommand,
  DescribeParametersCommand,
  type DescribeParametersCommandInput,
  GetParameterCommand,
  PutParameterCommand,
  type PutParameterCommandInput,
  SSMClient,
} from "@aws-sdk/client-ssm";
import { afterEach, beforeEach, expect, it } from "vitest";
import { startTestServer, testBase } from "../protocol/test-server.ts";
import { createSsm } from "./ssm.ts";

let server: Awaited<ReturnType<typeof startTestServer>>;
let client: SSMClient;

beforeEach(async () => {
  server = await startTestServer({ services: [createSsm(testBase()).service] });
  client = new SSMClient(server.clientConfig);
});
afterEach(async () => {
  client.destroy();
  await server.close();
});

const put = (Name: string, more: Partial<PutParameterCommandInput> = {}) =>
  client.send(new PutParameterCommand({ Name, Type: "SecureString", Value: "secret", ...more }));
const names = async (input: DescribeParametersCommandInput) =>
  (await client.send(new DescribeParametersCommand(input))).Parameters?.map(({ Name }) => Name);

it("tells description and pattern again, and takes no value that the pattern does not allow", async () => {
  await put("/library/level", { Type: "String", Value: "3", Description: "of the log", AllowedPattern: "^\\d$" });
  const { Parameters } = await client.send(new DescribeParametersCommand({}));
  expect(Parameters).toMatchObject([{ Description: "of the log", AllowedPattern: "^\\d$" }]);
  const again = put("/library/level", { Type: undefined, Value: "high", Overwrite: true });
  await expect(again).rejects.toMatchObject({ name: "ParameterPatternMismatchException" });
  await put("/library/level", { Type: undefined, Value: "4", Overwrite: true });
  const tagged = put("/library/level", {
    Value: "5",
    Type: "String",
    Overwrite: true,
    Tags: [{ Key: "a", Value: "b" }],
  });
  await expect(tagged).rejects.toThrow(/tags and overwrite can't be used together/);
  await expect(put("/library/bad", { AllowedPattern: "(" })).rejects.toMatchObject({
    name: "InvalidAllowedPatternException",
  });
});

it("describes parameters without their values", async () => {
  await put("/library/db/url");
  const { Parameters } = await client.send(new DescribeParametersCommand({}));
  expect(Parameters).toMatchObject([
    {
      Name: "/library/db/url",
      ARN: "arn:aws:ssm:ap-northeast-2:123456789012:parameter/library/db/url",
      Type: "SecureString",
      KeyId: "alias/aws/ssm",
      Version: 1,
    },
  ]);
  expect(JSON.stringify(Parameters)).not.toContain("secret");
  const { Parameter } = await client.send(new GetParameterCommand({ Name: "/library/db/url" }));
  expect(Parameter?.Value).not.toBe("secret");
});

it("filters by name, type and path, and pages", async () => {
  for (const name of ["/library/db/url", "/library/db/username", "/library/mode", "/other/db/url"]) await put(name);
  await put("/library/plain", { Type: "String" });
  const filter = (Key: string, Option: string | undefined, ...Values: string[]) =>
    names({ ParameterFilters: [{ Key, Option, Values }] });
  expect(await filter("Name", "Equals", "/library/db/url", "/other/db/url")).toHaveLength(2);
  expect(await filter("Name", "BeginsWith", "/library/")).toHaveLength(4);
  expect(await filter("Type", undefined, "String")).toEqual(["/library/plain"]);
  expect(await filter("Path", "OneLevel", "/library")).toEqual(["/library/mode", "/library/plain"]);
  expect(await filter("Path", "Recursive", "/library")).toHaveLength(4);
  const first = await client.send(new DescribeParametersCommand({ MaxResults: 3 }));
  expect(await names({ MaxResults: 3, NextToken: first.NextToken })).toHaveLength(2);
});

it("refuses what Parameter Store refuses", async () => {
  await put("/library/db/url");
  await expect(put("/library/db/url")).rejects.toMatchObject({ name: "ParameterAlreadyExists" });
  await expect(put("/library/db/url", { Overwrite: true })).resolves.toMatchObject({ Version: 2 });
  await expect(put("aws/x")).rejects.toMatchObject({ name: "ValidationException" });
  await expect(put("no/slash/first")).rejects.toMatchObject({ name: "ValidationException" });
  await expect(put("/x", { Type: undefined })).rejects.toMatchObject({ name: "ValidationException" });
  await expect(names({ MaxResults: 51 })).rejects.toMatchObject({ name: "ValidationException" });
  await expect(names({ ParameterFilters: [{ Key: "Colour", Values: ["x"] }] })).rejects.toMatchObject({
    name: "InvalidFilterKey",
  });
  await expect(client.send(new DeleteParameterCommand({ Name: "/gone" }))).rejects.toMatchObject({
    name: "ParameterNotFound",
  });
});
