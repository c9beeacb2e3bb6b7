import { isIPv4 } from "node:net";
import type {
  DeregisterTargetsInput,
  DeregisterTargetsOutput,
  DescribeTargetHealthInput,
  DescribeTargetHealthOutput,
  RegisterTargetsInput,
  RegisterTargetsOutput,
  TargetDescription,
  TargetHealth,
  TargetHealthDescription,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { AwsError, type Handler, type TargetState } from "../service.ts";
import { type ElbState, type TargetGroupRecord, type TargetRecord, targetKey } from "./elb-state.ts";
import { assertRange, validationError } from "./errors.ts";
import type { HealthChecker } from "./health-checker.ts";
import { healthCheckPort } from "./health-probe.ts";
import { NOT_REGISTERED } from "./target-health.ts";

const MAX_TARGETS = 1000;
// AWS's ranges for ip targets, and the loopback range that the sandbox's tasks live in.
const PRIVATE_ADDRESS =
  /^(?:10\.|127\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.)/;

/** Operations on targets and their health. */
export function targetOperations(state: ElbState, health: HealthChecker): Readonly<Record<string, Handler>> {
  return {
    RegisterTargets(input: RegisterTargetsInput): RegisterTargetsOutput {
      const group = state.getTargetGroup(input.TargetGroupArn ?? "");
      const targets = (input.Targets ?? []).map((target) => validTarget(state, group, target));
      if (targets.length === 0) throw validationError("At least one target must be specified");
      const keys = new Set([...group.targets.keys(), ...targets.map((target) => targetKey(target.id, target.port))]);
      if (keys.size > MAX_TARGETS) {
        throw new AwsError("TooManyTargets", `The maximum number of targets per target group is '${MAX_TARGETS}'`);
      }
      for (const { id, port, availabilityZone } of targets) {
        health.register(group, id, port, availabilityZone ?? zoneOf(state, id));
      }
      return {};
    },

    DeregisterTargets(input: DeregisterTargetsInput): DeregisterTargetsOutput {
      const group = state.getTargetGroup(input.TargetGroupArn ?? "");
      for (const target of input.Targets ?? []) {
        // Without a port, every registration of the id goes.
        for (const known of [...group.targets.values()]) {
          if (known.id === target.Id && (target.Port ?? known.port) === known.port) {
            health.deregister(group, known.id, known.port);
          }
        }
      }
      return {};
    },

    DescribeTargetHealth(input: DescribeTargetHealthInput): DescribeTargetHealthOutput {
      const group = state.getTargetGroup(input.TargetGroupArn ?? "");
      const withAnomalies = input.Include?.some((one) => one === "AnomalyDetection" || one === "All") ?? false;
      const describeTarget = (target: TargetRecord) => description(target, health.report(target), withAnomalies);
      if (!input.Targets?.length) return { TargetHealthDescriptions: [...group.targets.values()].map(describeTarget) };
      return {
        TargetHealthDescriptions: input.Targets.map((asked) => {
          const port = asked.Port ?? group.settings.Port ?? 0;
          const known = group.targets.get(targetKey(asked.Id ?? "", port));
          if (known) return describeTarget(known);
          return { Target: { Id: asked.Id, Port: port }, TargetHealth: targetHealth(NOT_REGISTERED) };
        }),
      };
    },
  };
}

function description(target: TargetRecord, state: TargetState, withAnomalies: boolean): TargetHealthDescription {
  return {
    Target: { Id: target.id, Port: target.port, AvailabilityZone: target.availabilityZone },
    HealthCheckPort: String(healthCheckPort(target)),
    TargetHealth: targetHealth(state),
    ...(withAnomalies ? { AnomalyDetection: { Result: "normal", MitigationInEffect: "no" } } : {}),
    AdministrativeOverride: {
      State: "no_override",
      Reason: "AdministrativeOverride.NoOverride",
      Description: "No override is currently active on target",
    },
  };
}

function targetHealth(state: TargetState): TargetHealth {
  // Safe because target-health.ts writes only AWS's own codes.
  const Reason = state.reason as TargetHealth["Reason"];
  return { State: state.state, Reason, Description: state.description };
}

function validTarget(state: ElbState, group: TargetGroupRecord, target: TargetDescription) {
  const id = target.Id ?? "";
  const port = target.Port ?? group.settings.Port ?? 0;
  assertRange(port, "targets.1.member.port", 1, 65_535);
  if (group.settings.TargetType !== "ip") {
    if (!/^i-[0-9a-f]{8,17}$/.test(id)) throw validationError(`Instance ID '${id}' is not valid`);
    if (state.instances.has(id)) return { id, port, availabilityZone: target.AvailabilityZone };
    throw new AwsError(
      "InvalidTarget",
      `The following targets are not in a running state and cannot be registered: '${id}'`,
    );
  }
  if (!isIPv4(id)) throw validationError(`The IP address '${id}' is not a valid IPv4 address`);
  if (!PRIVATE_ADDRESS.test(id)) {
    throw new AwsError(
      "InvalidTarget",
      `The IP address '${id}' is not within the VPC of the target group or an allowed private range`,
    );
  }
  return { id, port, availabilityZone: target.AvailabilityZone };
}

/** Addresses lie in the Region's zones in turn, as subnets would have it. */
export function zoneOf(state: ElbState, id: string): string {
  return `${state.base.place.region}${"ab"[Number(id.slice(id.lastIndexOf(".") + 1)) % 2] ?? "a"}`;
}
