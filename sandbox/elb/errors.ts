import { AwsError } from "../service.ts";

/** A value the API refuses; `ValidationError` is what the Query protocol calls it. */
export function validationError(message: string): AwsError {
  return new AwsError("ValidationError", message);
}

/** AWS's words for a number outside its range, naming the member as AWS does. */
export function assertRange(value: number | undefined, path: string, min: number, max: number): void {
  if (value === undefined || (value >= min && value <= max)) return;
  const [bound, limit] = value < min ? ["greater", min] : ["less", max];
  throw validationError(
    `1 validation error detected: Value '${value}' at '${path}' failed to satisfy constraint: Member must have value ${bound} than or equal to ${limit}`,
  );
}

/** AWS's words for a list or text that is too long. */
export function assertLength(length: number, path: string, max: number): void {
  if (length <= max) return;
  throw validationError(
    `1 validation error detected: Value at '${path}' failed to satisfy constraint: Member must have length less than or equal to ${max}`,
  );
}

const ARN_RESOURCES = {
  "load balancer": "loadbalancer",
  "target group": "targetgroup",
  listener: "listener",
  "listener rule": "listener-rule",
} as const;

/** AWS's words for what is no ARN of that kind at all; one of its form that names nothing is not found instead. */
export function assertArn(kind: keyof typeof ARN_RESOURCES, arn: string): void {
  const form = new RegExp(`^arn:[\\w-]+:elasticloadbalancing:[\\w-]+:\\d{12}:${ARN_RESOURCES[kind]}/.+$`);
  if (!form.test(arn)) throw validationError(`'${arn}' is not a valid ${kind} ARN`);
}

/** The listener an ARN or name should have named. */
export function listenerNotFound(arn: string): AwsError {
  return new AwsError("ListenerNotFound", `Listener '${arn}' not found`);
}

/** The rule an ARN should have named. */
export function ruleNotFound(): AwsError {
  return new AwsError("RuleNotFound", "One or more rules not found");
}

/** The load balancers that ARNs or names should have named. */
export function loadBalancerNotFound(names: string): AwsError {
  return new AwsError("LoadBalancerNotFound", `Load balancers '[${names}]' not found`);
}

/** The target group an ARN or name should have named. */
export function targetGroupNotFound(arn?: string): AwsError {
  return new AwsError(
    "TargetGroupNotFound",
    arn ? `Target groups '${arn}' not found` : "One or more target groups not found",
  );
}
