import type { CliArgument } from "../manual/cli-command.ts";
import { groupNames, nameOf, takeListener, takeTargetGroups } from "./fix-entrance.ts";
import { takeGroup, takeSubnets, takeVpc } from "./fix-network.ts";
import { makeRole } from "./fix-roles.ts";
import type { Fix } from "./readiness.ts";
import { byCommands, type Shell, shellFor, takeAccount, variable } from "./shell.ts";
import type { Subject } from "./subject.ts";

/** The service or services that the application's way of deploying needs, in subnets that reach the internet. */
export function fixService(subject: Subject): Fix {
  const shell = shellFor(subject.region);
  const before = [
    takeVpc(shell, subject),
    ...takeSubnets(shell, subject),
    takeGroup(shell, subject, "ecs-task", "TASK_GROUP"),
    ...takeTargetGroups(shell, subject),
  ];
  const { template, make } = WAYS[subject.controller];
  return byCommands(template, [...before, ...make(shell, subject)]);
}

const WAYS: Readonly<
  Record<Subject["controller"], { template: string; make(shell: Shell, subject: Subject): readonly string[] }>
> = {
  "paired-services": { template: "service-paired.yaml", make: makePair },
  "task-set": { template: "service.yaml", make: makeTaskSet },
  "ecs-native": { template: "service-native.yaml", make: makeNative },
  "code-deploy": { template: "service-code-deploy.yaml", make: makeCodeDeploy },
};

const NETWORK: CliArgument = [
  ...["awsvpcConfiguration={subnets=[", variable("SUBNET_1"), ",", variable("SUBNET_2"), "],securityGroups=["],
  ...[variable("TASK_GROUP"), "],assignPublicIp=ENABLED}"],
];

function create({ cluster, family }: Subject, name: string): CliArgument[] {
  return [
    ...["ecs", "create-service", "--cluster", cluster, "--service-name", name, "--task-definition", family],
    ...["--desired-count", "1", "--launch-type", "FARGATE", "--network-configuration", NETWORK],
  ];
}

/** Where tasks register: `group` is the variable with its ARN; `more` goes on in the same entry. */
function registersWith(
  { application, container, port }: Subject,
  group: string,
  more: readonly (string | { variable: string })[] = [],
): CliArgument[] {
  const names = `,containerName=${container ?? application},containerPort=${port}`;
  return ["--load-balancers", ["targetGroupArn=", variable(group), names, ...more]];
}

function makePair({ run }: Shell, subject: Subject): string[] {
  const [blue = `${subject.application}-blue-service`, green = `${subject.application}-green-service`] =
    subject.services;
  return [
    run(...create(subject, blue), ...registersWith(subject, "BLUE")),
    run(...create(subject, green), ...registersWith(subject, "GREEN")),
  ];
}

/** With the EXTERNAL controller the first task set is made by hand too: it is blue, and every later one is made from it. */
function makeTaskSet({ run, take }: Shell, subject: Subject): string[] {
  const { cluster, family } = subject;
  const name = serviceOf(subject);
  const here = ["--cluster", cluster, "--service", name];
  return [
    run(
      ...["ecs", "create-service", "--cluster", cluster, "--service-name", name, "--desired-count", "1"],
      ...["--deployment-controller", "type=EXTERNAL"],
    ),
    take(
      ...(["TASK_SET", "taskSet.id", "ecs", "create-task-set", ...here] as const),
      ...["--task-definition", family, "--external-id", "switchyard:blue", "--scale", "value=100,unit=PERCENT"],
      ...["--launch-type", "FARGATE", "--network-configuration", NETWORK, ...registersWith(subject, "BLUE")],
    ),
    run("ecs", "update-service-primary-task-set", ...here, "--primary-task-set", variable("TASK_SET")),
  ];
}

function makeNative(shell: Shell, subject: Subject): string[] {
  const { run, take } = shell;
  const role = `${subject.application}-ecs-infrastructure`;
  return [
    takeAccount(shell),
    ...makeRole(shell, role, "ecs.amazonaws.com", "AmazonECSInfrastructureRolePolicyForLoadBalancers"),
    take("ROLE", "Role.Arn", "iam", "get-role", "--role-name", role),
    ...takeListener(shell, subject),
    take(
      ...(["RULE", "Rules[?IsDefault].RuleArn | [0]", "elbv2", "describe-rules"] as const),
      ...(["--listener-arn", variable("LISTENER")] as const),
    ),
    run(
      ...create(subject, serviceOf(subject)),
      ...registersWith(subject, "BLUE", [
        ...[",advancedConfiguration={alternateTargetGroupArn=", variable("GREEN"), ",productionListenerRule="],
        ...[variable("RULE"), ",roleArn=", variable("ROLE"), "}"],
      ]),
      ...["--deployment-configuration", "strategy=BLUE_GREEN,bakeTimeInMinutes=10"],
    ),
  ];
}

function makeCodeDeploy(shell: Shell, subject: Subject): string[] {
  const { run, take } = shell;
  const { application, cluster } = subject;
  const [blue, green] = groupNames(subject).map(nameOf);
  const role = `${application}-code-deploy`;
  const info = JSON.stringify([
    { targetGroups: [{ name: blue }, { name: green }], prodTrafficRoute: { listenerArns: ["@"] } },
  ]);
  const [before = "", after = ""] = info.split("@");
  return [
    takeAccount(shell),
    ...makeRole(shell, role, "codedeploy.amazonaws.com", "AWSCodeDeployRoleForECS"),
    take("ROLE", "Role.Arn", "iam", "get-role", "--role-name", role),
    ...takeListener(shell, subject),
    run(
      ...create(subject, serviceOf(subject)),
      ...registersWith(subject, "BLUE"),
      ...["--deployment-controller", "type=CODE_DEPLOY"],
    ),
    run("deploy", "create-application", "--application-name", application, "--compute-platform", "ECS"),
    run(
      ...["deploy", "create-deployment-group", "--application-name", application],
      ...["--deployment-group-name", `${application}-group`, "--service-role-arn", variable("ROLE")],
      ...["--deployment-config-name", "CodeDeployDefault.ECSAllAtOnce"],
      ...["--deployment-style", "deploymentType=BLUE_GREEN,deploymentOption=WITH_TRAFFIC_CONTROL"],
      ...["--ecs-services", `serviceName=${serviceOf(subject)},clusterName=${cluster}`],
      ...["--load-balancer-info", [`{"targetGroupPairInfoList":${before}`, variable("LISTENER"), `${after}}`]],
      "--blue-green-deployment-configuration",
      '{"terminateBlueInstancesOnDeploymentSuccess":{"action":"TERMINATE","terminationWaitTimeInMinutes":60},"deploymentReadyOption":{"actionOnTimeout":"CONTINUE_DEPLOYMENT"}}',
    ),
  ];
}

function serviceOf({ services, application }: Subject): string {
  return services[0] ?? `${application}-service`;
}
