import type { Place } from "../service.ts";
import { ecsActions } from "./ecs-actions.ts";
import { type ActionsOf, type Input, list, object, text } from "./input-parts.ts";
import type { AskedAction } from "./matching.ts";

/**
 * The permissions that a call needs, after AWS's Service Authorization Reference. An operation that is not written out needs the
 * action of its own name, on no single resource.
 */
export function askedActions(service: string, operation: string, input: Input, place: Place): AskedAction[] {
  // No permission is needed, and no policy can deny it.
  if (service === "sts" && operation === "GetCallerIdentity") return [];
  const actions = SERVICES[service]?.(operation, input, place);
  return actions ?? [{ action: `${actionPrefix(service)}:${operation}`, resource: "*", context: {} }];
}

/** The name that IAM has for the service. */
export function actionPrefix(service: string): string {
  return service === "elbv2" ? "elasticloadbalancing" : service;
}

const elbActions: ActionsOf = (operation, input, { region, accountId }) => {
  // Describe operations know no single resource.
  if (operation.startsWith("Describe")) return null;
  const own = `arn:aws:elasticloadbalancing:${region}:${accountId}`;
  const named =
    operation === "CreateLoadBalancer"
      ? [`${own}:loadbalancer/app/${text(input.Name)}/*`]
      : operation === "CreateTargetGroup"
        ? [`${own}:targetgroup/${text(input.Name)}/*`]
        : [
            ...list(input.ResourceArns),
            ...list(input.RulePriorities).map((each) => (each as Input).RuleArn),
            input.RuleArn ?? input.ListenerArn ?? input.LoadBalancerArn ?? input.TargetGroupArn,
          ];
  return [...onEach("elasticloadbalancing", operation, named), ...readPools(input)];
};

/** Who writes an action that signs people in by Cognito has to be allowed to read the user pool's client, each time. */
function readPools(input: Input): AskedAction[] {
  const configs = [...list(input.DefaultActions), ...list(input.Actions)].map(
    (action) => object(action).AuthenticateCognitoConfig,
  );
  return onEach(
    "cognito-idp",
    "DescribeUserPoolClient",
    configs.map((config) => object(config).UserPoolArn),
  );
}

const logsActions: ActionsOf = (operation, input, { region, accountId }) => {
  const own = `arn:aws:logs:${region}:${accountId}:log-group:`;
  // By a query's id, which has no resource.
  if (operation === "GetQueryResults" || operation === "StopQuery") return null;
  if (operation === "StartQuery") {
    const names = [...list(input.logGroupNames), input.logGroupName].filter((name) => name !== undefined);
    const identified = list(input.logGroupIdentifiers).map((each) =>
      text(each).startsWith("arn:") ? text(each) : `${own}${text(each)}`,
    );
    return onEach("logs", operation, [...names.map((name) => `${own}${text(name)}`), ...identified]);
  }
  if (operation === "StartLiveTail") return onEach("logs", operation, list(input.logGroupIdentifiers));
  if (operation === "DescribeLogGroups") return onEach("logs", operation, [`${own}:log-stream:`]);
  const identifier = text(input.logGroupIdentifier);
  const name = text(input.logGroupName) || identifier.replace(/^arn:[^:]*:logs:[^:]*:[^:]*:log-group:/, "");
  if (/LogGroup$/.test(operation)) return onEach("logs", operation, [`${own}${name}`]);
  return onEach("logs", operation, [`${own}${name}:log-stream:${text(input.logStreamName)}`]);
};

const ecrActions: ActionsOf = (operation, input, { region, accountId }) => {
  if (/^GetAuthorizationToken$|PullThroughCacheRule|Registry$/.test(operation)) return null;
  const own = `arn:aws:ecr:${region}:${text(input.registryId) || accountId}:repository/`;
  if (input.resourceArn !== undefined) return onEach("ecr", operation, [input.resourceArn]);
  const names = operation === "DescribeRepositories" ? list(input.repositoryNames) : [input.repositoryName];
  return onEach(
    "ecr",
    operation,
    (names.length > 0 ? names : ["*"]).map((name) => `${own}${text(name)}`),
  );
};

const cloudwatchActions: ActionsOf = (operation, input, { region, accountId }) => {
  if (!operation.includes("Alarm")) return null;
  const names = operation === "DescribeAlarms" ? ["*"] : [...list(input.AlarmNames), input.AlarmName];
  const own = `arn:aws:cloudwatch:${region}:${accountId}:alarm:`;
  return onEach(
    "cloudwatch",
    operation,
    names.filter((name) => name !== undefined).map((name) => `${own}${text(name)}`),
  );
};

/** Assumed: what names a deployment by its id alone is judged on any group. */
const codedeployActions: ActionsOf = (operation, input, { region, accountId }) => {
  const own = `arn:aws:codedeploy:${region}:${accountId}`;
  const application = text(input.applicationName) || "*";
  const group = `${own}:deploymentgroup:${application}/${text(input.deploymentGroupName) || "*"}`;
  const config = `${own}:deploymentconfig:${text(input.deploymentConfigName) || "*"}`;
  const on = (action: string, resource: string) => onEach("codedeploy", action, [resource]);
  if (/DeploymentConfig$/.test(operation)) return on(operation, config);
  if (/ApplicationRevision$|Application$/.test(operation)) return on(operation, `${own}:application:${application}`);
  if (operation !== "CreateDeployment") return operation.startsWith("ListApp") ? null : on(operation, group);
  // A revision that comes with the call is registered first, and the configuration is read.
  return [
    ...on(operation, group),
    ...on("GetDeploymentConfig", config),
    ...on("RegisterApplicationRevision", `${own}:application:${application}`),
    ...on("GetApplicationRevision", `${own}:application:${application}`),
  ];
};

/** Reads and policies know no single resource; a scalable target has a name of AWS's own, so that any is asked for. */
const autoscalingActions: ActionsOf = (operation, input, { region, accountId }) => {
  if (operation.startsWith("Describe")) return null;
  const own = `arn:aws:application-autoscaling:${region}:${accountId}:scalable-target/`;
  return onEach("application-autoscaling", operation, [text(input.ResourceARN) || `${own}*`]);
};

const stsActions: ActionsOf = (operation, input) => {
  if (operation !== "AssumeRole") return null;
  const asked = [
    "AssumeRole",
    ...(input.SourceIdentity === undefined ? [] : ["SetSourceIdentity"]),
    ...(list(input.Tags).length > 0 ? ["TagSession"] : []),
  ];
  return asked.flatMap((action) => onEach("sts", action, [input.RoleArn]));
};

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-api-permissions-reference.html: batches by the single action. */
const sqsActions: ActionsOf = (operation, input, { region, accountId }) => {
  const url = text(input.QueueUrl);
  const name = text(input.QueueName) || url.slice(url.lastIndexOf("/") + 1);
  return onEach("sqs", operation.replace(/Batch$/, ""), [`arn:aws:sqs:${region}:${accountId}:${name}`]);
};

const SERVICES: Readonly<Record<string, ActionsOf>> = {
  ecs: ecsActions,
  elbv2: elbActions,
  logs: logsActions,
  ecr: ecrActions,
  cloudwatch: cloudwatchActions,
  codedeploy: codedeployActions,
  "application-autoscaling": autoscalingActions,
  sts: stsActions,
  sqs: sqsActions,
};

function onEach(prefix: string, operation: string, resources: readonly unknown[]): AskedAction[] {
  return [...new Set(resources.map(text).filter((resource) => resource !== ""))].map((resource) => ({
    action: `${prefix}:${operation}`,
    resource,
    context: {},
  }));
}
