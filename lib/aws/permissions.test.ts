import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { createAuthorizer } from "../../sandbox/iam/authorizer.ts";
import { PERMISSIONS, UNCONDITIONAL_OPERATIONS } from "./permissions.ts";
import { ANY_PLACE, makePolicy, policyFiles } from "./policy-files.ts";

const ROOT = new URL("../../", import.meta.url);
const PLACE = { accountId: "123456789012", region: "ap-northeast-2" };

/** IAM's name for each SDK client. */
const PREFIXES: Readonly<Record<string, string>> = {
  "elastic-load-balancing-v2": "elasticloadbalancing",
  "cloudwatch-logs": "logs",
  "secrets-manager": "secretsmanager",
  "application-auto-scaling": "application-autoscaling",
};

/** "ecs:DescribeServices" for every command that the program makes, found in its source. */
function operationsInSource(): string[] {
  const files = globSync(["lib/**/*.ts", "app/**/*.{ts,tsx}", "components/**/*.{ts,tsx}"], { cwd: ROOT.pathname });
  const found = new Set<string>();
  for (const file of files.filter((name) => !name.includes(".test.") && !/\/_?testing\//.test(name))) {
    const source = readFileSync(new URL(file, ROOT), "utf8");
    const clients = new Map<string, string>();
    for (const [, names = "", client = ""] of source.matchAll(/import \{([^}]*)\} from "@aws-sdk\/client-([^"]+)"/g))
      for (const [command] of names.matchAll(/\b\w+Command\b/g)) clients.set(command, PREFIXES[client] ?? client);
    for (const [, command = ""] of source.matchAll(/\bnew (\w+Command)\b/g))
      found.add(`${clients.get(command)}:${command.replace(/Command$/, "")}`);
  }
  return [...found].sort();
}

const OWN = PERMISSIONS.filter(({ policy }) => policy !== "pipeline");

test("every command that is sent has its action in the list, and every action of the list its command", () => {
  const sent = operationsInSource().filter((operation) => !UNCONDITIONAL_OPERATIONS.includes(operation));
  const granted = OWN.filter(({ askedFor }) => !askedFor).flatMap(({ actions }) => actions);
  // A batch is allowed by the action for one.
  const byOthers = OWN.flatMap(({ askedFor }) => (askedFor && !granted.includes(askedFor) ? [askedFor] : []));
  expect(
    [...granted, ...byOthers].sort(),
    "mend lib/aws/permissions.ts, then npm run iam writes the files anew",
  ).toEqual(sent);
  for (const { askedFor } of OWN) if (askedFor) expect(sent).toContain(askedFor);
  expect(operationsInSource()).toEqual(expect.arrayContaining([...UNCONDITIONAL_OPERATIONS]));
});

test("an action stands in one statement, and so does a Sid", () => {
  const actions = OWN.flatMap((permission) => permission.actions);
  expect(new Set(actions).size).toBe(actions.length);
  expect(new Set(PERMISSIONS.map(({ sid }) => sid)).size).toBe(PERMISSIONS.length);
});

test.each(Object.entries(policyFiles(ANY_PLACE)))(
  "deploy/%s is the list's, and small enough for IAM",
  (name, policy) => {
    const file = readFileSync(new URL(`deploy/${name}`, ROOT), "utf8");
    expect(JSON.parse(file), "npm run iam writes it").toEqual(policy);
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html: white space does not count.
    expect(file.replace(/\s/g, "").length).toBeLessThanOrEqual(6144);
  },
);

test("the combined policy is the two others of the program, and the watcher's changes nothing", () => {
  const files = policyFiles(ANY_PLACE);
  const statements = (name: string) => files[name]?.Statement ?? [];
  expect(statements("iam-policy.json")).toEqual([...statements("iam/watch.json"), ...statements("iam/deploy.json")]);
  for (const { Action } of statements("iam/watch.json"))
    for (const action of Action)
      expect(action).toMatch(/:(Describe|List|Get|BatchGet|Filter|Lookup|Simulate|StartLiveTail|StartQuery|StopQuery)/);
});

test("partition, account, Region, log groups and roles narrow every ARN", () => {
  const place = {
    ...ANY_PLACE,
    partition: "aws-cn",
    account: "111122223333",
    region: "cn-north-1",
    logGroups: ["/ecs/library", "/ecs/shop-*", "arn:aws-cn:logs:cn-northwest-1:111122223333:log-group:/ecs/far"],
    roles: ["library-task", "library-execution"],
  };
  const arns = makePolicy(["watch", "deploy"], place).Statement.flatMap(({ Resource }) =>
    Resource === "*" ? [] : Resource,
  );
  for (const arn of arns) expect(arn).toMatch(/^arn:aws-cn:(iam::|[a-z-]+:cn-north(west)?-1:)111122223333:/);
  expect(arns.filter((arn) => /:(logs|iam):/.test(arn))).toEqual([
    "arn:aws-cn:logs:cn-north-1:111122223333:log-group:/ecs/library",
    "arn:aws-cn:logs:cn-north-1:111122223333:log-group:/ecs/library:*",
    "arn:aws-cn:logs:cn-north-1:111122223333:log-group:/ecs/shop-*",
    "arn:aws-cn:logs:cn-northwest-1:111122223333:log-group:/ecs/far",
    "arn:aws-cn:logs:cn-northwest-1:111122223333:log-group:/ecs/far:*",
    "arn:aws-cn:iam::111122223333:role/library-task",
    "arn:aws-cn:iam::111122223333:role/library-execution",
  ]);
});

const ELB = "arn:aws:elasticloadbalancing:ap-northeast-2:123456789012:";
const ECS = "arn:aws:ecs:ap-northeast-2:123456789012:";
const TASK_SET = { cluster: "main", service: "library", taskSet: "ecs-svc/1" };
const DEFINITION = {
  family: "library",
  tags: [{ key: "a", value: "b" }],
  executionRoleArn: "arn:aws:iam::123456789012:role/library-execution",
};

/** What each operation is asked with, where its name alone says no resource. */
const INPUTS: Readonly<Record<string, unknown>> = {
  "ecs:DescribeServices": { cluster: "main", services: ["library"] },
  "ecs:ListTasks": { cluster: "main" },
  "ecs:DescribeTasks": { cluster: "main", tasks: ["0123456789abcdef"] },
  "ecs:ListServiceDeployments": { cluster: "main", service: "library" },
  "ecs:DescribeServiceDeployments": { serviceDeploymentArns: [`${ECS}service-deployment/main/library/x`] },
  "ecs:DescribeServiceRevisions": { serviceRevisionArns: [`${ECS}service-revision/main/library/1`] },
  "ecs:StopServiceDeployment": { serviceDeploymentArn: `${ECS}service-deployment/main/library/x` },
  "ecs:ContinueServiceDeployment": { serviceDeploymentArn: `${ECS}service-deployment/main/library/x` },
  "ecs:UpdateService": { cluster: "main", service: "library" },
  "ecs:UpdateServicePrimaryTaskSet": { cluster: "main", service: "library", primaryTaskSet: "ecs-svc/1" },
  "ecs:CreateTaskSet": { cluster: "main", service: "library" },
  "ecs:UpdateTaskSet": TASK_SET,
  "ecs:DeleteTaskSet": TASK_SET,
  "ecs:RegisterTaskDefinition": DEFINITION,
  "elasticloadbalancing:ModifyListener": {
    ListenerArn: `${ELB}listener/app/library-alb/1/2`,
    DefaultActions: [
      {
        Type: "authenticate-cognito",
        AuthenticateCognitoConfig: {
          UserPoolArn: "arn:aws:cognito-idp:ap-northeast-2:123456789012:userpool/ap-northeast-2_1",
        },
      },
    ],
  },
  "elasticloadbalancing:ModifyRule": { RuleArn: `${ELB}listener-rule/app/library-alb/1/2/3` },
  "logs:FilterLogEvents": { logGroupName: "/ecs/library" },
  "logs:GetLogEvents": { logGroupName: "/ecs/library", logStreamName: "library/library/0123" },
  "logs:StartLiveTail": {
    logGroupIdentifiers: ["arn:aws:logs:ap-northeast-2:123456789012:log-group:/ecs/library"],
  },
  "logs:StartQuery": {
    logGroupIdentifiers: ["arn:aws:logs:ap-northeast-2:123456789012:log-group:/ecs/library"],
  },
  "sts:AssumeRole": {
    RoleArn: "arn:aws:iam::444455556666:role/switchyard",
    SourceIdentity: "kim@example.com",
    Tags: [{ Key: "switchyard-actor", Value: "kim@example.com" }],
  },
  "sqs:ReceiveMessage": { QueueUrl: "https://sqs.ap-northeast-2.amazonaws.com/123456789012/library-events" },
  "sqs:DeleteMessageBatch": { QueueUrl: "https://sqs.ap-northeast-2.amazonaws.com/123456789012/library-events" },
  "ecr:DescribeImages": { repositoryName: "library" },
  "ecr:BatchGetImage": { repositoryName: "library" },
  "ecr:GetDownloadUrlForLayer": { repositoryName: "library" },
  "ecr:DescribeRepositories": { repositoryNames: ["library"] },
};

const PLACES = {
  "any place": ANY_PLACE,
  "one account": {
    ...ANY_PLACE,
    account: "123456789012",
    region: "ap-northeast-2",
    logGroups: ["/ecs/library"],
    roles: ["library-execution"],
  },
};

function ask(policy: unknown, operation: string): void {
  const [prefix = "", name = ""] = operation.split(":");
  const service = prefix === "elasticloadbalancing" ? "elbv2" : prefix;
  createAuthorizer(policy, PLACE)(service, name, INPUTS[operation] ?? {}, "product");
}

test.each(Object.entries(PLACES))(
  "for %s every operation is allowed, and none without any one of its actions",
  (_, place) => {
    const combined = makePolicy(["watch", "deploy", "accounts", "events"], place);
    for (const { actions, askedFor } of OWN)
      for (const action of actions) {
        const operation = askedFor ?? action;
        expect(() => ask(combined, operation), operation).not.toThrow();
        const Statement = combined.Statement.map((each) => ({
          ...each,
          Action: each.Action.filter((a) => a !== action),
        }));
        const less = { ...combined, Statement: Statement.filter(({ Action }) => Action.length > 0) };
        expect(() => ask(less, operation), operation).toThrow(
          new RegExp(
            `not authorized to perform: ${action} on resource: .* no identity-based policy allows the ${action} `,
          ),
        );
      }
  },
);

test("a role is passed to tasks alone, and only what is registered is tagged", () => {
  const combined = makePolicy(["watch", "deploy"], ANY_PLACE);
  const judge = createAuthorizer(combined, PLACE);
  const infrastructure = { advancedConfiguration: { roleArn: "arn:aws:iam::123456789012:role/ecs-infrastructure" } };
  expect(() => judge("ecs", "UpdateService", { service: "s", loadBalancers: [infrastructure] }, null)).toThrow(
    "not authorized to perform: iam:PassRole on resource: arn:aws:iam::123456789012:role/ecs-infrastructure",
  );
  expect(() => judge("ecs", "TagResource", { resourceArn: `${ECS}task-definition/library:1` }, null)).toThrow(
    "ecs:TagResource",
  );
  expect(() => judge("elbv2", "ModifyListener", { ListenerArn: `${ELB}listener/net/nlb/1/2` }, null)).toThrow(
    "ModifyListener",
  );
});
