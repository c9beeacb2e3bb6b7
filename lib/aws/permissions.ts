import type { Permission, PolicyPlace } from "./permission.ts";

/** Operations that AWS answers to every caller, whatever policies say. */
export const UNCONDITIONAL_OPERATIONS: readonly string[] = ["sts:GetCallerIdentity"];

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
      "secretsmanager:DescribeSecret",
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
