import type {
  CreateTargetGroupInput,
  Matcher,
  ModifyTargetGroupInput,
  TargetGroup,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { AwsError } from "../service.ts";
import { assertRange, validationError } from "./errors.ts";

/** Where AWS checks gRPC unless it is told otherwise. */
const GRPC_HEALTH_PATH = "/AWS.ALB/healthcheck";

/** What DescribeTargetGroups shows of a new group; validated, AWS's defaults filled in. */
export function newTargetGroupSettings(
  input: CreateTargetGroupInput,
  arn: string,
): TargetGroup & { TargetGroupArn: string } {
  const name = input.Name ?? "";
  if (!/^[A-Za-z0-9](?:[A-Za-z0-9-]{0,30}[A-Za-z0-9])?$/.test(name)) {
    throw validationError(nameProblem(name));
  }
  if (/^internal-/.test(name)) throw validationError(`Target group name '${name}' cannot begin with 'internal-'`);
  const type = input.TargetType ?? "instance";
  if (type === "lambda" || type === "alb") {
    throw validationError(
      `Target type '${type}' is not supported by this sandbox: its load balancers are HTTP proxies`,
    );
  }
  if (!input.Protocol) throw validationError("A protocol must be specified");
  if (input.Protocol !== "HTTP" && input.Protocol !== "HTTPS") {
    throw validationError(`Protocol '${input.Protocol}' is not supported by this sandbox: use HTTP or HTTPS`);
  }
  if (input.Port === undefined) throw validationError("A port must be specified");
  if (!input.VpcId) throw validationError("A VPC ID must be specified");
  assertRange(input.Port, "port", 1, 65_535);
  const isGrpc = input.ProtocolVersion === "GRPC";
  const settings = {
    TargetGroupArn: arn,
    TargetGroupName: name,
    Protocol: input.Protocol,
    Port: input.Port,
    VpcId: input.VpcId,
    HealthCheckProtocol: input.HealthCheckProtocol ?? "HTTP",
    HealthCheckPort: input.HealthCheckPort ?? "traffic-port",
    HealthCheckEnabled: input.HealthCheckEnabled ?? true,
    HealthCheckIntervalSeconds: input.HealthCheckIntervalSeconds ?? 30,
    // 5 for an ALB's groups; the 6 and 10 of the API reference are Network Load Balancer figures.
    HealthCheckTimeoutSeconds: input.HealthCheckTimeoutSeconds ?? 5,
    HealthyThresholdCount: input.HealthyThresholdCount ?? 5,
    UnhealthyThresholdCount: input.UnhealthyThresholdCount ?? 2,
    HealthCheckPath: input.HealthCheckPath ?? (isGrpc ? GRPC_HEALTH_PATH : "/"),
    Matcher: newMatcher(input.Matcher, isGrpc),
    TargetType: type,
    // Empty is as good as left out: Terraform sends it so.
    ProtocolVersion: input.ProtocolVersion || "HTTP1",
    IpAddressType: input.IpAddressType ?? "ipv4",
  } satisfies TargetGroup;
  if (!["HTTP1", "HTTP2", "GRPC"].includes(settings.ProtocolVersion)) {
    throw validationError(`Protocol version '${settings.ProtocolVersion}' must be one of 'HTTP1, HTTP2, GRPC'`);
  }
  assertHealthCheck(settings);
  return settings;
}

/** The settings after ModifyTargetGroup: members left out keep their value. */
export function modifiedTargetGroupSettings<T extends TargetGroup>(settings: T, input: ModifyTargetGroupInput): T {
  const changed: T = {
    ...settings,
    HealthCheckProtocol: input.HealthCheckProtocol ?? settings.HealthCheckProtocol,
    HealthCheckPort: input.HealthCheckPort ?? settings.HealthCheckPort,
    HealthCheckPath: input.HealthCheckPath ?? settings.HealthCheckPath,
    HealthCheckEnabled: input.HealthCheckEnabled ?? settings.HealthCheckEnabled,
    HealthCheckIntervalSeconds: input.HealthCheckIntervalSeconds ?? settings.HealthCheckIntervalSeconds,
    HealthCheckTimeoutSeconds: input.HealthCheckTimeoutSeconds ?? settings.HealthCheckTimeoutSeconds,
    HealthyThresholdCount: input.HealthyThresholdCount ?? settings.HealthyThresholdCount,
    UnhealthyThresholdCount: input.UnhealthyThresholdCount ?? settings.UnhealthyThresholdCount,
    Matcher: input.Matcher ? newMatcher(input.Matcher, settings.ProtocolVersion === "GRPC") : settings.Matcher,
  };
  assertHealthCheck(changed);
  return changed;
}

function assertHealthCheck(settings: TargetGroup): void {
  const interval = settings.HealthCheckIntervalSeconds ?? 30;
  const timeout = settings.HealthCheckTimeoutSeconds ?? 5;
  assertRange(interval, "healthCheckIntervalSeconds", 5, 300);
  assertRange(timeout, "healthCheckTimeoutSeconds", 2, 120);
  assertRange(settings.HealthyThresholdCount, "healthyThresholdCount", 2, 10);
  assertRange(settings.UnhealthyThresholdCount, "unhealthyThresholdCount", 2, 10);
  if (timeout >= interval) {
    throw validationError(
      `Health check interval must be greater than the timeout. Health check interval '${interval}', health check timeout '${timeout}'`,
    );
  }
  if (settings.HealthCheckProtocol !== "HTTP" && settings.HealthCheckProtocol !== "HTTPS") {
    throw validationError(`Health check protocol '${settings.HealthCheckProtocol}' must be one of 'HTTP, HTTPS'`);
  }
  if (settings.HealthCheckEnabled === false) {
    throw new AwsError(
      "InvalidConfigurationRequest",
      `Health check enabled must be true for target groups with target type '${settings.TargetType}'`,
    );
  }
  const path = settings.HealthCheckPath ?? "";
  if (!path.startsWith("/") || path.length > 1024) {
    throw validationError(
      `Health check path '${path}' must begin with a '/' character and can be up to 1024 characters in length`,
    );
  }
  const port = settings.HealthCheckPort ?? "";
  if (port !== "traffic-port" && !(/^\d+$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535)) {
    throw validationError(`Health check port '${port}' must be 'traffic-port' or in the range [1, 65535]`);
  }
  const { GrpcCode, HttpCode = "" } = settings.Matcher ?? {};
  if (GrpcCode === undefined) assertMatcher(HttpCode, "HTTP", 200, 499);
  else assertMatcher(GrpcCode, "GRPC", 0, 99);
}

/** A group of one protocol version has codes of that one alone. */
function newMatcher(matcher: Matcher | undefined, isGrpc: boolean): Matcher {
  const { GrpcCode, HttpCode } = matcher ?? {};
  if (isGrpc && HttpCode !== undefined && GrpcCode === undefined)
    throw validationError("Health check matcher GRPC code cannot be empty");
  if (!isGrpc && GrpcCode !== undefined && HttpCode === undefined)
    throw validationError("Health check matcher HTTP code cannot be empty");
  return isGrpc ? { GrpcCode: GrpcCode ?? "12" } : { HttpCode: HttpCode ?? "200" };
}

function assertMatcher(matcher: string, kind: "HTTP" | "GRPC", least: number, most: number): void {
  for (const part of matcher.split(",")) {
    const found = /^\s*(\d{1,3})(?:-(\d{1,3}))?\s*$/.exec(part);
    const low = Number(found?.[1]);
    const high = Number(found?.[2] ?? found?.[1]);
    if (!found || low < least || high > most || low > high) {
      throw validationError(
        `Health check matcher ${kind} code '${matcher}' must be within '${least}-${most}' inclusive`,
      );
    }
  }
}

function nameProblem(name: string): string {
  if (name.length > 32) return `Target group name '${name}' cannot be longer than '32' characters`;
  if (/^-|-$/.test(name)) return `Target group name '${name}' cannot begin or end with '-'`;
  return `Target group name '${name}' can only contain characters that are alphanumeric characters and hyphens(-)`;
}
