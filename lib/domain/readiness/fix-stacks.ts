import type { CliArgument } from "../manual/cli-command.ts";
import { groupNames, nameOf, takeListener } from "./fix-entrance.ts";
import { type Shell, shellFor, variable } from "./shell.ts";
import type { Subject } from "./subject.ts";

/** How one template of deploy/aws is applied. */
interface Stack {
  capabilities?: string;
  /** Stacks of other templates that are there before, or are made before. */
  before?: readonly string[];
  /** Lines that take what `parameters` name into variables. */
  take?(shell: Shell, subject: Subject): readonly string[];
  parameters(subject: Subject): readonly CliArgument[];
}

const value = (name: string, from: string): CliArgument => [`${name}=`, variable(from)];
const stackName = ({ application }: Subject, template: string) => `${application}-${template.replace(".yaml", "")}`;

/** Takes an output of another template's stack into a variable. */
function takeOutput({ take }: Shell, subject: Subject, template: string, key: string, into: string): string {
  return take(
    ...([into, `Stacks[0].Outputs[?OutputKey=='${key}'].OutputValue | [0]`, "cloudformation"] as const),
    ...(["describe-stacks", "--stack-name", stackName(subject, template)] as const),
  );
}

const takeNetwork = (shell: Shell, subject: Subject) => [takeOutput(shell, subject, "network.yaml", "VpcId", "VPC")];

/** What every way of deploying needs: private subnets, which have VPC endpoints, the tasks' group and blue's target group. */
const takeForService = (shell: Shell, subject: Subject) => [
  takeOutput(shell, subject, "network.yaml", "PrivateSubnets", "SUBNETS"),
  takeOutput(shell, subject, "security-groups.yaml", "TaskSecurityGroup", "TASK_GROUP"),
  takeOutput(shell, subject, "load-balancer.yaml", "BlueTargetGroup", "BLUE"),
];
const takeGreen = (shell: Shell, subject: Subject) => [
  takeOutput(shell, subject, "load-balancer.yaml", "GreenTargetGroup", "GREEN"),
];
const ofService = ({ cluster, family, container, application, port }: Subject): readonly CliArgument[] => [
  ...[
    `Cluster=${cluster}`,
    `TaskDefinition=${family}`,
    `Container=${container ?? application}`,
    `ContainerPort=${port}`,
  ],
  ...[value("Subnets", "SUBNETS"), value("TaskSecurityGroup", "TASK_GROUP"), value("BlueTargetGroup", "BLUE")],
];
const serviceName = ({ services, application }: Subject) => `Service=${services[0] ?? `${application}-service`}`;

const STACKS: Readonly<Record<string, Stack>> = {
  "github-oidc-role.yaml": {
    capabilities: "CAPABILITY_NAMED_IAM",
    parameters: ({ github, repository, application }) => [
      `GitHubRepository=${github?.repository ?? "OWNER/NAME"}`,
      ...(github ? [`Branch=${github.branch}`] : []),
      `Repository=${repository ?? application}`,
    ],
  },
  "registry.yaml": { parameters: ({ repository, application }) => [`Repository=${repository ?? application}`] },
  "cluster.yaml": { parameters: ({ cluster }) => [`Cluster=${cluster}`] },
  "network.yaml": { parameters: ({ application }) => [`Name=${application}`] },
  "security-groups.yaml": {
    before: ["network.yaml"],
    take: takeNetwork,
    parameters: ({ application, port }) => [`Name=${application}`, value("VpcId", "VPC"), `ContainerPort=${port}`],
  },
  "load-balancer.yaml": {
    take: (shell, subject) => [
      ...takeNetwork(shell, subject),
      takeOutput(shell, subject, "network.yaml", "PublicSubnets", "SUBNETS"),
      takeOutput(shell, subject, "security-groups.yaml", "LoadBalancerSecurityGroup", "BALANCER_GROUP"),
    ],
    parameters: ({ application, port }) => [
      ...[`Name=${application}`, value("VpcId", "VPC"), value("PublicSubnets", "SUBNETS")],
      ...[value("LoadBalancerSecurityGroup", "BALANCER_GROUP"), `ContainerPort=${port}`],
    ],
  },
  "parameters.yaml": {
    capabilities: "CAPABILITY_IAM",
    parameters: ({ application }) => [`Name=${application}`, `ExecutionRole=${application}-task-execution`],
  },
  "log-group.yaml": { parameters: ({ logGroup, application }) => [`LogGroup=${logGroup ?? `/ecs/${application}`}`] },
  "roles.yaml": { capabilities: "CAPABILITY_NAMED_IAM", parameters: ({ application }) => [`Name=${application}`] },
  "service.yaml": {
    take: takeForService,
    parameters: (subject) => [...ofService(subject), serviceName(subject)],
  },
  "service-paired.yaml": {
    take: (shell, subject) => [...takeForService(shell, subject), ...takeGreen(shell, subject)],
    parameters: (subject) => [...ofService(subject), `Name=${subject.application}`, value("GreenTargetGroup", "GREEN")],
  },
  "service-native.yaml": {
    take: (shell, subject) => [
      ...takeForService(shell, subject),
      ...takeGreen(shell, subject),
      ...takeListener(shell, subject),
      shell.take(
        ...(["RULE", "Rules[?IsDefault].RuleArn | [0]", "elbv2", "describe-rules"] as const),
        ...(["--listener-arn", variable("LISTENER")] as const),
      ),
    ],
    parameters: (subject) => [
      ...ofService(subject),
      ...[serviceName(subject), value("GreenTargetGroup", "GREEN"), value("ProductionListenerRule", "RULE")],
    ],
  },
  "service-code-deploy.yaml": {
    take: (shell, subject) => [...takeForService(shell, subject), ...takeListener(shell, subject)],
    parameters: (subject) => {
      const [blue, green] = groupNames(subject).map(nameOf);
      return [
        ...[...ofService(subject), `Name=${subject.application}`, serviceName(subject)],
        ...[`BlueTargetGroupName=${blue}`, `GreenTargetGroupName=${green}`],
        value("ProductionListener", "LISTENER"),
      ];
    },
  },
};

/** The AWS CLI's commands that apply a template with this application's names; none for one that is no step's. */
export function stackCommands(template: string | null, subject: Subject): string[] {
  const stack = template === null ? undefined : STACKS[template];
  if (template === null || !stack) return [];
  const shell = shellFor(subject.region);
  const { before = [], capabilities, take, parameters } = stack;
  return [
    ...before.flatMap((name) => stackCommands(name, subject)),
    ...(take?.(shell, subject) ?? []),
    shell.run(
      ...["cloudformation", "deploy", "--stack-name", stackName(subject, template)],
      ...["--template-file", `deploy/aws/${template}`],
      ...(capabilities === undefined ? [] : ["--capabilities", capabilities]),
      ...["--parameter-overrides", ...parameters(subject)],
    ),
  ];
}
