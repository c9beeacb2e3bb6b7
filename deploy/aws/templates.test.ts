import { execFileSync, spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { CONTROLLERS } from "@/lib/domain/application/controller-name.ts";
import { STEPS } from "@/lib/domain/readiness/steps.ts";
import { proposedSubject } from "@/lib/gather/readiness-subject.ts";
import { readTemplate, type Template } from "@/lib/testing/template.ts";

/** As Sub has it. */
const variable = (name: string) => `$${"{"}${name}}`;
const NAME = variable("Name");
const FOLDER = new URL(".", import.meta.url);
const files = readdirSync(FOLDER).filter((name) => name.endsWith(".yaml"));
const templates = new Map(files.map((name) => [name, read(name)]));

function read(name: string): Template {
  return readTemplate(new URL(name, FOLDER));
}

/** Every reference of a value: names in Ref, before the dot in GetAtt, and in the braces of Sub. */
function references(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(references);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    if (key === "Ref" && typeof inner === "string") return [inner];
    if (key === "GetAtt" && typeof inner === "string") return [inner.split(".")[0] ?? ""];
    if (key === "Sub" && typeof inner === "string")
      return [...inner.matchAll(/\$\{([^}!]+)\}/g)].map(([, name]) =>
        name?.startsWith("AWS::") ? name : (name?.split(".")[0] ?? ""),
      );
    return references(inner);
  });
}

function resources(type: string) {
  return [...templates.values()].flatMap(({ Resources }) =>
    Object.values(Resources)
      .filter((resource) => resource.Type === type)
      .map(({ Properties = {} }) => Properties),
  );
}

test.each(files)(
  "%s is a template whose every reference leads somewhere, and whose every parameter is used",
  (name) => {
    const {
      AWSTemplateFormatVersion,
      Description,
      Parameters = {},
      Conditions = {},
      Resources,
      Outputs = {},
    } = read(name);
    expect(AWSTemplateFormatVersion).toBe("2010-09-09");
    expect(Description.length).toBeLessThanOrEqual(1024);
    const found = references({ Conditions, Resources, Outputs });
    const known = new Set([...Object.keys(Parameters), ...Object.keys(Resources)]);
    expect(found.filter((reference) => !reference.startsWith("AWS::") && !known.has(reference))).toEqual([]);
    expect(Object.keys(Parameters).filter((parameter) => !found.includes(parameter))).toEqual([]);
    for (const resource of Object.values(Resources)) {
      expect(resource.Type).toMatch(/^AWS::\w+::\w+$/);
      if (resource.Condition !== undefined) expect(Conditions).toHaveProperty(resource.Condition);
    }
  },
);

// The schema of every resource type; it is no part of npm, so it runs where somebody has it.
test.runIf(isThere("cfn-lint"))(
  "cfn-lint has nothing to say",
  () => {
    const paths = files.map((name) => new URL(name, FOLDER).pathname);
    expect(execFileSync("cfn-lint", paths, { encoding: "utf8" })).toBe("");
  },
  60_000,
);

test.runIf(isThere("terraform"))("the Terraform example is formatted as Terraform does it", () => {
  const folder = new URL("../terraform", FOLDER).pathname;
  expect(execFileSync("terraform", ["fmt", "-check", folder], { encoding: "utf8" })).toBe("");
});

test("the Terraform example leaves weights, revisions and counts to whoever deploys", () => {
  const text = readFileSync(new URL("../terraform/main.tf", FOLDER), "utf8");
  const ignored = [...text.matchAll(/ignore_changes\s*=\s*\[([^\]]*)\]/g)].map(([, names]) => names);
  expect(ignored).toEqual(["default_action", "task_definition, desired_count"]);
});

function isThere(command: string): boolean {
  return spawnSync(command, ["--version"], { stdio: "ignore" }).status === 0;
}

test("every template that readiness points to is there, and every template is pointed to or said to be another way", () => {
  const subjects = CONTROLLERS.map((controller) => ({ ...proposedSubject("ap-northeast-2"), controller }));
  const named = STEPS.flatMap(({ fix }) => subjects.map((subject) => fix(subject).template)).filter(
    (name) => name !== null,
  );
  for (const name of named) expect(files).toContain(name);
  const others = files.filter((name) => !named.includes(name));
  expect(others).toEqual(["alarms.yaml", "events.yaml", "network.yaml", "switchyard.yaml"]);
});

test("the defaults are the names that readiness looks for", () => {
  const subject = proposedSubject("ap-northeast-2");
  const defaults = [...templates.values()].flatMap(({ Parameters = {} }) =>
    Object.values(Parameters).map((one) => one.Default),
  );
  const { cluster, repository, logGroup, services, application } = subject;
  for (const name of [cluster, repository, logGroup, application, ...services]) expect(defaults).toContain(name);
  const groups = resources("AWS::ElasticLoadBalancingV2::TargetGroup").flatMap(({ Name }) => Name ?? []);
  expect(groups).toEqual([{ Sub: `${NAME}-blue-tg` }, { Sub: `${NAME}-green-tg` }]);
  const definition = JSON.parse(readFileSync(new URL("ecs-task-definition.json", FOLDER), "utf8"));
  expect(definition).toMatchObject({ family: subject.family, containerDefinitions: [{ name: subject.container }] });
  expect(definition.containerDefinitions[0].portMappings[0].containerPort).toBe(subject.port);
});

test("nothing is open wider than needed", () => {
  const open = resources("AWS::EC2::SecurityGroup").flatMap(({ SecurityGroupIngress, GroupName }) =>
    (SecurityGroupIngress as { CidrIp?: unknown; FromPort: unknown }[])
      .filter(({ CidrIp }) => CidrIp === "0.0.0.0/0")
      .map(({ FromPort }) => [GroupName, FromPort]),
  );
  expect(open).toEqual([
    [{ Sub: `${NAME}-alb-sg` }, 80],
    [{ Sub: `${NAME}-alb-sg` }, 443],
  ]);
  const statements = [...templates.values()].flatMap((template) => statementsOf(template.Resources));
  expect(statements.length).toBeGreaterThan(5);
  for (const { Action, Resource, Principal, Condition } of statements) {
    const actions = [Action].flat().map(String);
    expect(actions.filter((action) => action.includes("*"))).toEqual([]);
    if (Principal !== undefined) expect(Condition, "who may assume a role is narrowed").toBeDefined();
    // The one action here that knows no resource.
    if (Resource === "*") expect(actions).toEqual(["ecr:GetAuthorizationToken"]);
  }
});

test("Switchyard itself: two tasks behind HTTPS, a database that nobody else reaches, and no secret in the template", () => {
  const { Resources } = read("switchyard.yaml");
  expect(Resources.Service?.Properties).toMatchObject({ DesiredCount: 2 });
  const listeners = Object.values(Resources).filter(({ Type }) => Type === "AWS::ElasticLoadBalancingV2::Listener");
  expect(listeners.map(({ Properties }) => Properties?.Protocol)).toEqual(["HTTPS"]);
  expect(Resources.Database?.Properties).toMatchObject({
    ...{ PubliclyAccessible: false, StorageEncrypted: true, MultiAZ: true, ManageMasterUserPassword: true },
    VPCSecurityGroups: [{ Ref: "DatabaseSecurityGroup" }],
  });
  expect(Resources.DatabaseSecurityGroup?.Properties?.SecurityGroupIngress).toEqual([
    { IpProtocol: "tcp", FromPort: 5432, ToPort: 5432, SourceSecurityGroupId: { Ref: "TaskSecurityGroup" } },
  ]);
  const containers = Resources.TaskDefinition?.Properties?.ContainerDefinitions ?? [];
  const [, container] = containers as { Environment: { Name: string }[]; Secrets: { Name: string }[] }[];
  const names = (list: { Name: string }[] = []) => list.map(({ Name }) => Name);
  expect(names(container?.Environment).filter((name) => /SECRET|PASSWORD|TOKEN/.test(name))).toEqual([]);
  expect(names(container?.Secrets)).toEqual([
    ...["NEXTAUTH_SECRET", "DATABASE_PASSWORD", "OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET"],
  ]);
});

test("pipelines sign in from one branch of one repository", () => {
  const [trust] = statementsOf(read("github-oidc-role.yaml").Resources).filter(
    ({ Principal }) => Principal !== undefined,
  );
  expect(trust?.Condition).toEqual({
    StringEquals: {
      "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
      "token.actions.githubusercontent.com:sub": {
        Sub: `repo:${variable("GitHubRepository")}:ref:refs/heads/${variable("Branch")}`,
      },
    },
  });
});

interface Statement {
  Action: unknown;
  Resource?: unknown;
  Principal?: unknown;
  Condition?: unknown;
}

function statementsOf(value: unknown): Statement[] {
  if (Array.isArray(value)) return value.flatMap(statementsOf);
  if (typeof value !== "object" || value === null) return [];
  // Safe because only policies have the member Statement here.
  const own = "Statement" in value ? (value.Statement as Statement[]) : [];
  return [...own, ...Object.values(value).flatMap(statementsOf)];
}
