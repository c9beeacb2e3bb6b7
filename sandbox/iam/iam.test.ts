import {
  AttachRolePolicyCommand,
  CreateOpenIDConnectProviderCommand,
  CreateRoleCommand,
  DeleteRoleCommand,
  GetOpenIDConnectProviderCommand,
  GetRoleCommand,
  IAMClient,
  ListOpenIDConnectProvidersCommand,
  NoSuchEntityException,
  PutRolePolicyCommand,
  SimulatePrincipalPolicyCommand,
} from "@aws-sdk/client-iam";
import { afterEach, beforeEach, describe, expect, it, test } from "vitest";
import { startTestServer, testBase } from "../protocol/test-server.ts";
import { createIam } from "./iam.ts";
import { evaluate, parsePolicy } from "./simulated-policy.ts";

let server: Awaited<ReturnType<typeof startTestServer>>;
let client: IAMClient;

beforeEach(async () => {
  server = await startTestServer({ services: [createIam(testBase()).service] });
  client = new IAMClient(server.clientConfig);
});
afterEach(async () => {
  client.destroy();
  await server.close();
});

const TRUST = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "ecs-tasks.amazonaws.com" }, Action: "sts:AssumeRole" }],
});
const ROLE = "arn:aws:iam::123456789012:role/library-task-execution";
const PARAMETER = "arn:aws:ssm:ap-northeast-2:123456789012:parameter/library/db/url";

async function newRole() {
  const input = { RoleName: "library-task-execution", AssumeRolePolicyDocument: TRUST };
  await client.send(new CreateRoleCommand(input));
}

async function decisionsOn(ActionNames: string[], ResourceArns?: string[]) {
  const input = { PolicySourceArn: ROLE, ActionNames, ResourceArns };
  const { EvaluationResults } = await client.send(new SimulatePrincipalPolicyCommand(input));
  return EvaluationResults?.map(({ EvalActionName, EvalDecision }) => [EvalActionName, EvalDecision]);
}

it("tells what a role was made with", async () => {
  const made = { Description: "Tasks of library", MaxSessionDuration: 7200, Tags: [{ Key: "team", Value: "books" }] };
  const PermissionsBoundary = "arn:aws:iam::aws:policy/AdministratorAccess";
  const named = { RoleName: "bounded", AssumeRolePolicyDocument: TRUST };
  await client.send(new CreateRoleCommand({ ...named, ...made, PermissionsBoundary }));
  const { Role } = await client.send(new GetRoleCommand({ RoleName: "bounded" }));
  expect(Role).toMatchObject({ ...made, PermissionsBoundary: { PermissionsBoundaryArn: PermissionsBoundary } });
});

it("keeps roles, answers their trust URL-encoded and says which are missing", async () => {
  await newRole();
  const { Role } = await client.send(new GetRoleCommand({ RoleName: "library-task-execution" }));
  expect(Role?.Arn).toBe(ROLE);
  expect(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? "")).toBe(TRUST);
  await expect(newRole()).rejects.toMatchObject({ name: "EntityAlreadyExistsException" });
  const missing = client.send(new GetRoleCommand({ RoleName: "nobody" }));
  await expect(missing).rejects.toBeInstanceOf(NoSuchEntityException);
});

it("simulates what attached and inline policies allow, and refuses what is no role or user", async () => {
  await newRole();
  expect(await decisionsOn(["ssm:GetParameters"], [PARAMETER])).toEqual([["ssm:GetParameters", "implicitDeny"]]);
  const RoleName = "library-task-execution";
  const PolicyArn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy";
  await client.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
  const PolicyDocument = JSON.stringify({
    Version: "2012-10-17",
    Statement: { Effect: "Allow", Action: "ssm:GetParam*", Resource: "arn:aws:ssm:*:*:parameter/library/*" },
  });
  await client.send(new PutRolePolicyCommand({ RoleName, PolicyName: "parameters", PolicyDocument }));
  expect(await decisionsOn(["ssm:GetParameters", "ssm:PutParameter"], [PARAMETER])).toEqual([
    ["ssm:GetParameters", "allowed"],
    ["ssm:PutParameter", "implicitDeny"],
  ]);
  expect(await decisionsOn(["logs:PutLogEvents"])).toEqual([["logs:PutLogEvents", "allowed"]]);
  await expect(client.send(new DeleteRoleCommand({ RoleName }))).rejects.toMatchObject({
    name: "DeleteConflictException",
  });
  const PolicySourceArn = "arn:aws:sts::123456789012:assumed-role/x/session";
  await expect(
    client.send(new SimulatePrincipalPolicyCommand({ PolicySourceArn, ActionNames: ["ecs:ListTasks"] })),
  ).rejects.toMatchObject({ name: "InvalidInputException" });
});

it("keeps OpenID Connect providers", async () => {
  const Url = "https://token.actions.githubusercontent.com";
  const input = { Url, ClientIDList: ["sts.amazonaws.com"] };
  const { OpenIDConnectProviderArn } = await client.send(new CreateOpenIDConnectProviderCommand(input));
  const { OpenIDConnectProviderList } = await client.send(new ListOpenIDConnectProvidersCommand({}));
  expect(OpenIDConnectProviderList).toEqual([{ Arn: OpenIDConnectProviderArn }]);
  const found = await client.send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn }));
  expect(found).toMatchObject({ Url: "token.actions.githubusercontent.com", ClientIDList: ["sts.amazonaws.com"] });
});

describe("policies", () => {
  const policy = (...Statement: object[]) => parsePolicy(JSON.stringify({ Version: "2012-10-17", Statement }));
  const allowAll = { Effect: "Allow", Action: "*", Resource: "*" };
  const onlyLibrary = { StringEquals: { "aws:ResourceTag/app": "library" } };
  test.each([
    ["an Allow for the action", [{ ...allowAll, Action: "ecs:Describe*" }], "allowed"],
    ["an action in other capitals", [{ ...allowAll, Action: "ECS:describeservices" }], "allowed"],
    ["another action", [{ ...allowAll, Action: "ecs:List*" }], "implicitDeny"],
    ["a Deny beside an Allow", [allowAll, { ...allowAll, Effect: "Deny" }], "explicitDeny"],
    ["NotAction with it", [{ Effect: "Allow", NotAction: "ecs:*", Resource: "*" }], "implicitDeny"],
    ["another resource", [{ ...allowAll, Resource: "arn:other" }], "implicitDeny"],
    ["a condition without its key", [{ ...allowAll, Condition: onlyLibrary }], "implicitDeny"],
    ["an operator that is not known", [{ ...allowAll, Condition: { Bool: { "aws:x": "true" } } }], "implicitDeny"],
  ])("%s", (_name, statements, decision) => {
    const context = new Map([["aws:x", ["true"]]]);
    expect(evaluate(policy(...statements), "ecs:DescribeServices", "arn:it", context).decision).toBe(decision);
  });

  it("refuses a document with a principal and one that is no JSON", () => {
    const code = "MalformedPolicyDocumentException";
    expect(() => policy({ ...allowAll, Principal: "*" })).toThrow(expect.objectContaining({ code }));
    expect(() => parsePolicy("{")).toThrow(expect.objectContaining({ code }));
  });
});
