/** Who is allowed what: a watcher looks, a deployer changes, a pipeline pushes images; `accounts` enters other accounts; `events` reads ECS's events. */
type PolicyName = "watch" | "deploy" | "pipeline" | "accounts" | "events";

/** Where the policies are meant for; `*` stands for any. */
export interface PolicyPlace {
  /** "aws", "aws-cn", "aws-us-gov", "aws-eusc". */
  partition: string;
  account: string;
  region: string;
  /** Names of log groups, with `*` where many are meant. */
  logGroups: readonly string[];
  /** Names of the task and execution roles that new task definitions may name. */
  roles: readonly string[];
  /** Name of the repository that the pipeline pushes to. */
  repository: string;
}

/** Some actions on the same resources. */
interface Permission {
  policy: PolicyName;
  sid: string;
  actions: readonly string[];
  /** ARNs of what the actions are on; without it AWS knows no single resource, or none that could be named beforehand. */
  on?: (place: PolicyPlace) => readonly string[];
  /** The operation that AWS asks these actions for as well; without it each action is its own operation's. */
  askedFor?: string;
  condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** Operations that AWS answers to every caller, whatever policies say. */
export const UNCONDITIONAL_OPERATIONS: readonly string[] = ["sts:GetCallerIdentity"];

/** What the files in deploy/ are written for: any account and Region, log groups and roles of any task. */
export const ANY_PLACE: PolicyPlace = {
  partition: "aws",
  account: "*",
  region: "*",
  logGroups: ["/ecs/*"],
  roles: ["*"],
  repository: "REPOSITORY",
};

/**
 * Every action that Switchyard needs, once. A test holds it to the commands that lib/aws sends, and the policies to it.
 * Sources: https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
export const PERMISSIONS: readonly Permission[] = [
  {
    policy: "watch",
    sid: "Watch",
    actions: [
      "ecs:DescribeServices",
      "ecs:ListTasks",
      "ecs:DescribeTasks",
      "ecs:DescribeContainerInstances",
      "ecs:DescribeTaskDefinition",
      "ecs:ListTaskDefinitions",
      "ecs:ListServiceDeployments",
      "ecs:DescribeServiceDeployments",
      "ecs:DescribeServiceRevisions",
      "elasticloadbalancing:DescribeLoadBalancers",
      "elasticloadbalancing:DescribeListeners",
      "elasticloadbalancing:DescribeRules",
      "elasticloadbalancing:DescribeTargetGroups",
      "elasticloadbalancing:DescribeTargetGroupAttributes",
      "elasticloadbalancing:DescribeTargetHealth",
      "cloudwatch:GetMetricData",
      "cloudwatch:DescribeAlarms",
      "ecr:DescribeImages",
      "ecr:DescribeRepositories",
    ],
  },
  {
    // For switchyard.yaml's accounts: the role is called switchyard in each of them.
    policy: "accounts",
    sid: "EnterAccounts",
    actions: ["sts:AssumeRole"],
    on: ({ partition }) => [`arn:${partition}:iam::*:role/switchyard`],
  },
  {
    policy: "accounts",
    sid: "TellWhoActs",
    actions: ["sts:SetSourceIdentity", "sts:TagSession"],
    askedFor: "sts:AssumeRole",
    on: ({ partition }) => [`arn:${partition}:iam::*:role/switchyard`],
  },
  {
    // For switchyard.yaml's events: the queues that deploy/aws/events.yaml makes.
    policy: "events",
    sid: "ReadEvents",
    actions: ["sqs:ReceiveMessage"],
    on: eventQueues,
  },
  {
    // A batch is deleted by the permission to delete one.
    policy: "events",
    sid: "DeleteEvents",
    actions: ["sqs:DeleteMessage"],
    askedFor: "sqs:DeleteMessageBatch",
    on: eventQueues,
  },
  {
    policy: "watch",
    sid: "WatchCodeDeploy",
    actions: [
      "codedeploy:ListApplications",
      "codedeploy:ListDeploymentGroups",
      "codedeploy:GetDeploymentGroup",
      "codedeploy:ListDeployments",
      "codedeploy:BatchGetDeployments",
      "codedeploy:GetDeploymentTarget",
      "codedeploy:GetApplicationRevision",
    ],
  },
  {
    // Any of these may be left out: what readiness then cannot look at is unknown, and says so.
    policy: "watch",
    sid: "LookAtReadiness",
    actions: [
      "ecs:DescribeClusters",
      "ecs:ListClusters",
      "ecs:ListServices",
      "elasticloadbalancing:DescribeTags",
      "ec2:DescribeSubnets",
      "ec2:DescribeRouteTables",
      "ec2:DescribeVpcEndpoints",
      "ec2:DescribeSecurityGroups",
      "ssm:DescribeParameters",
      "logs:DescribeLogGroups",
      "iam:GetRole",
      "iam:ListOpenIDConnectProviders",
      "iam:GetOpenIDConnectProvider",
      "iam:SimulatePrincipalPolicy",
      "acm:DescribeCertificate",
      "rds:DescribeDBInstances",
      "rds:DescribeDBClusters",
      "elasticloadbalancing:DescribeListenerCertificates",
    ],
  },
  {
    // May be left out: what scales a side is not told then.
    policy: "watch",
    sid: "LookAtScaling",
    actions: [
      "application-autoscaling:DescribeScalableTargets",
      "application-autoscaling:DescribeScalingPolicies",
      "application-autoscaling:DescribeScheduledActions",
      "application-autoscaling:DescribeScalingActivities",
    ],
  },
  {
    // May be left out: who did what outside Switchyard is not told then.
    policy: "watch",
    sid: "LookUpWhoDidIt",
    actions: ["cloudtrail:LookupEvents"],
  },
  {
    // May be left out, with logs:StartQuery of the next: no long span is searched by Logs Insights then. Named by a query's id alone.
    policy: "watch",
    sid: "ReadSearches",
    actions: ["logs:GetQueryResults", "logs:StopQuery"],
  },
  {
    policy: "watch",
    sid: "ReadLogs",
    actions: ["logs:FilterLogEvents", "logs:GetLogEvents", "logs:StartLiveTail", "logs:StartQuery"],
    on: ({ logGroups, ...place }) => logGroups.flatMap((name) => logGroupArns(place, name)),
  },
  {
    // May be left out: what an image was built for is unknown then, and a pull-through cache is told from nothing.
    policy: "deploy",
    sid: "LookAtImages",
    actions: ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", "ecr:DescribePullThroughCacheRules"],
  },
  {
    policy: "deploy",
    sid: "Register",
    actions: ["ecs:RegisterTaskDefinition"],
  },
  {
    policy: "deploy",
    sid: "TagWhatIsRegistered",
    actions: ["ecs:TagResource"],
    askedFor: "ecs:RegisterTaskDefinition",
    on: ({ partition, region, account }) => [`arn:${partition}:ecs:${region}:${account}:task-definition/*`],
    condition: { StringEquals: { "ecs:CreateAction": "RegisterTaskDefinition" } },
  },
  {
    policy: "deploy",
    sid: "PassTaskRoles",
    actions: ["iam:PassRole"],
    askedFor: "ecs:RegisterTaskDefinition",
    on: ({ partition, account, roles }) => roles.map((role) => `arn:${partition}:iam::${account}:role/${role}`),
    condition: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
  },
  {
    policy: "deploy",
    sid: "ChangeServices",
    actions: ["ecs:UpdateService", "ecs:UpdateServicePrimaryTaskSet"],
    on: ({ partition, region, account }) => [`arn:${partition}:ecs:${region}:${account}:service/*`],
  },
  {
    policy: "deploy",
    sid: "ChangeTaskSetsAndDeployments",
    actions: [
      "ecs:CreateTaskSet",
      "ecs:UpdateTaskSet",
      "ecs:DeleteTaskSet",
      "ecs:ContinueServiceDeployment",
      "ecs:StopServiceDeployment",
    ],
  },
  {
    // For applications with suspendScaleIn alone.
    policy: "deploy",
    sid: "SuspendScaleIn",
    actions: ["application-autoscaling:RegisterScalableTarget"],
    on: ({ partition, region, account }) => [
      `arn:${partition}:application-autoscaling:${region}:${account}:scalable-target/*`,
    ],
  },
  {
    policy: "deploy",
    sid: "DeployByCodeDeploy",
    actions: ["codedeploy:CreateDeployment", "codedeploy:ContinueDeployment", "codedeploy:StopDeployment"],
  },
  {
    policy: "deploy",
    sid: "RegisterForCodeDeploy",
    actions: ["codedeploy:GetDeploymentConfig", "codedeploy:RegisterApplicationRevision"],
    askedFor: "codedeploy:CreateDeployment",
  },
  {
    policy: "deploy",
    sid: "Switch",
    actions: ["elasticloadbalancing:ModifyListener", "elasticloadbalancing:ModifyRule"],
    on: ({ partition, region, account }) =>
      ["listener/app/*", "listener-rule/app/*"].map(
        (resource) => `arn:${partition}:elasticloadbalancing:${region}:${account}:${resource}`,
      ),
  },
  {
    // For listeners and rules that sign people in by Cognito alone: AWS asks for it whenever their actions are written.
    policy: "deploy",
    sid: "KeepCognitoSignIn",
    actions: ["cognito-idp:DescribeUserPoolClient"],
    askedFor: "elasticloadbalancing:ModifyListener",
    on: ({ partition, region, account }) => [`arn:${partition}:cognito-idp:${region}:${account}:userpool/*`],
  },
  { policy: "pipeline", sid: "SignInToTheRegistry", actions: ["ecr:GetAuthorizationToken"] },
  {
    policy: "pipeline",
    sid: "PushToOneRepository",
    actions: [
      "ecr:BatchCheckLayerAvailability",
      "ecr:BatchGetImage",
      "ecr:CompleteLayerUpload",
      "ecr:InitiateLayerUpload",
      "ecr:PutImage",
      "ecr:UploadLayerPart",
    ],
    on: ({ partition, region, account, repository }) => [
      `arn:${partition}:ecr:${region}:${account}:repository/${repository}`,
    ],
  },
];

/** An identity policy as IAM takes it. */
interface PolicyDocument {
  Version: "2012-10-17";
  Statement: readonly {
    Sid: string;
    Effect: "Allow";
    Action: readonly string[];
    Resource: string | readonly string[];
    Condition?: Permission["condition"];
  }[];
}

/** The policies of these names in one document. */
export function makePolicy(names: readonly PolicyName[], place: PolicyPlace): PolicyDocument {
  const Statement = PERMISSIONS.filter(({ policy }) => names.includes(policy)).map(
    ({ sid, actions, on, condition }) => ({
      Sid: sid,
      Effect: "Allow" as const,
      Action: actions,
      Resource: on?.(place) ?? "*",
      ...(condition ? { Condition: condition } : {}),
    }),
  );
  return { Version: "2012-10-17", Statement };
}

/** Every policy file by its path in deploy/. */
export function policyFiles(place: PolicyPlace): Readonly<Record<string, PolicyDocument>> {
  return {
    "iam-policy.json": makePolicy(["watch", "deploy"], place),
    "iam/watch.json": makePolicy(["watch"], place),
    "iam/deploy.json": makePolicy(["deploy"], place),
    "iam/accounts.json": makePolicy(["accounts"], place),
    "iam/events.json": makePolicy(["events"], place),
    "iam/pipeline.json": makePolicy(["pipeline"], withoutWildcards(place)),
  };
}

/** A role that pushes images is for one repository: what is not said stands there as a word to replace. */
function withoutWildcards(place: PolicyPlace): PolicyPlace {
  const { account, region } = place;
  return { ...place, account: account === "*" ? "ACCOUNT" : account, region: region === "*" ? "REGION" : region };
}

/**
 * Live tails are asked for on the group itself, lines on its streams, which follow after a colon. A name that is an ARN, such as that
 * of a group in another Region, stands as it is.
 */
function logGroupArns({ partition, region, account }: Omit<PolicyPlace, "logGroups">, name: string): string[] {
  const arn = name.startsWith("arn:") ? name : `arn:${partition}:logs:${region}:${account}:log-group:${name}`;
  return name.endsWith("*") ? [arn] : [arn, `${arn}:*`];
}

function eventQueues({ partition, region, account }: PolicyPlace): string[] {
  return [`arn:${partition}:sqs:${region}:${account}:*-events`];
}
