import type {
  CreateTargetGroupInput,
  CreateTargetGroupOutput,
  DeleteTargetGroupInput,
  DeleteTargetGroupOutput,
  DescribeTargetGroupAttributesInput,
  DescribeTargetGroupAttributesOutput,
  DescribeTargetGroupsInput,
  DescribeTargetGroupsOutput,
  ModifyTargetGroupAttributesInput,
  ModifyTargetGroupAttributesOutput,
  ModifyTargetGroupInput,
  ModifyTargetGroupOutput,
  TargetGroup,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { AwsError, type Handler } from "../service.ts";
import { defaultAttributes, listAttributes, modifiedAttributes, TARGET_GROUP_ATTRIBUTES } from "./attributes.ts";
import { type ElbState, rulesOf, type TargetGroupRecord } from "./elb-state.ts";
import { assertArn, targetGroupNotFound, validationError } from "./errors.ts";
import type { HealthChecker } from "./health-checker.ts";
import { page } from "./paging.ts";
import { dropTags, putTags } from "./tag-operations.ts";
import { modifiedTargetGroupSettings, newTargetGroupSettings } from "./target-group-settings.ts";

const MAX_TARGET_GROUPS = 3000;

/** Operations on target groups and their attributes. */
export function targetGroupOperations(state: ElbState, health: HealthChecker): Readonly<Record<string, Handler>> {
  return {
    CreateTargetGroup(input: CreateTargetGroupInput): CreateTargetGroupOutput {
      const settings = newTargetGroupSettings(input, state.arn(`targetgroup/${input.Name}/${state.newId()}`));
      if (state.network?.hasVpc(input.VpcId ?? "") === false)
        throw validationError(`The VPC ID '${input.VpcId}' is not found`);
      const existing = state.findTargetGroupByName(input.Name ?? "");
      if (existing) {
        const isSame =
          JSON.stringify({ ...existing.settings, TargetGroupArn: "" }) ===
          JSON.stringify({ ...settings, TargetGroupArn: "" });
        if (isSame) return { TargetGroups: [describeTargetGroup(existing)] };
        throw new AwsError(
          "DuplicateTargetGroupName",
          `A target group with the same name '${input.Name}' exists, but with different settings`,
        );
      }
      if (state.targetGroups.size >= MAX_TARGET_GROUPS) {
        throw new AwsError(
          "TooManyTargetGroups",
          `The maximum number of target groups has been reached: '${MAX_TARGET_GROUPS}'`,
        );
      }
      if (input.Tags) putTags(state, settings.TargetGroupArn, input.Tags);
      const group: TargetGroupRecord = {
        arn: settings.TargetGroupArn,
        name: input.Name ?? "",
        settings,
        attributes: defaultAttributes(TARGET_GROUP_ATTRIBUTES),
        targets: new Map(),
        loadBalancer: null,
        candidates: null,
        cursor: -1,
        meter: state.newMeter(),
      };
      state.targetGroups.set(group.arn, group);
      return { TargetGroups: [describeTargetGroup(group)] };
    },

    DescribeTargetGroups(input: DescribeTargetGroupsInput): DescribeTargetGroupsOutput {
      const { items, NextMarker } = page(findGroups(state, input), input);
      return { TargetGroups: items.map(describeTargetGroup), NextMarker };
    },

    ModifyTargetGroup(input: ModifyTargetGroupInput): ModifyTargetGroupOutput {
      const group = state.getTargetGroup(input.TargetGroupArn ?? "");
      group.settings = modifiedTargetGroupSettings(group.settings, input);
      health.recheck(group);
      return { TargetGroups: [describeTargetGroup(group)] };
    },

    DeleteTargetGroup(input: DeleteTargetGroupInput): DeleteTargetGroupOutput {
      const group = state.targetGroups.get(input.TargetGroupArn ?? "");
      if (!group) return {};
      if (group.loadBalancer) {
        throw new AwsError("ResourceInUse", `Target group '${group.arn}' is currently in use by a listener or a rule`);
      }
      health.removeAll(group);
      state.targetGroups.delete(group.arn);
      dropTags(state, group.arn);
      return {};
    },

    DescribeTargetGroupAttributes(input: DescribeTargetGroupAttributesInput): DescribeTargetGroupAttributesOutput {
      return { Attributes: listAttributes(state.getTargetGroup(input.TargetGroupArn ?? "").attributes) };
    },

    ModifyTargetGroupAttributes(input: ModifyTargetGroupAttributesInput): ModifyTargetGroupAttributesOutput {
      const group = state.getTargetGroup(input.TargetGroupArn ?? "");
      const changed = modifiedAttributes(
        TARGET_GROUP_ATTRIBUTES,
        group.attributes,
        input.Attributes ?? [],
        "Target group",
      );
      assertConsistent(group, changed);
      group.attributes = changed;
      group.candidates = null;
      return { Attributes: listAttributes(changed) };
    },
  };
}

function describeTargetGroup(group: TargetGroupRecord): TargetGroup {
  return { ...structuredClone(group.settings), LoadBalancerArns: group.loadBalancer ? [group.loadBalancer.arn] : [] };
}

function findGroups(state: ElbState, input: DescribeTargetGroupsInput): TargetGroupRecord[] {
  const { LoadBalancerArn: loadBalancerArn, TargetGroupArns: arns = [], Names: names = [] } = input;
  if ([loadBalancerArn !== undefined, arns.length > 0, names.length > 0].filter(Boolean).length > 1) {
    throw validationError(
      "Target group names, target group ARNs and a load balancer ARN cannot be specified at the same time",
    );
  }
  if (loadBalancerArn !== undefined) {
    const loadBalancer = state.getLoadBalancer(loadBalancerArn);
    return [...state.targetGroups.values()].filter((group) => group.loadBalancer === loadBalancer);
  }
  if (arns.length === 0 && names.length === 0) return [...state.targetGroups.values()];
  for (const arn of arns) assertArn("target group", arn);
  const found = [
    ...arns.map((arn) => state.targetGroups.get(arn)),
    ...names.map((name) => state.findTargetGroupByName(name)),
  ];
  return found.map((group) => {
    if (!group) throw targetGroupNotFound();
    return group;
  });
}

function assertConsistent(group: TargetGroupRecord, changed: ReadonlyMap<string, string>): void {
  if (
    changed.get("load_balancing.algorithm.type") !== "round_robin" &&
    changed.get("slow_start.duration_seconds") !== "0"
  ) {
    throw new AwsError(
      "InvalidConfigurationRequest",
      "Slow start can be enabled only with the round_robin load balancing algorithm",
    );
  }
  // Only network load balancers have it, whatever "stickiness.enabled" says.
  if (changed.get("stickiness.type") === "source_ip") {
    const { Protocol: protocol } = group.settings;
    throw new AwsError(
      "InvalidConfigurationRequest",
      `Stickiness type 'source_ip' is not supported for target groups with the ${protocol} protocol`,
    );
  }
  if (changed.get("stickiness.enabled") !== "true") return;
  if (changed.get("stickiness.type") === "app_cookie" && !changed.get("stickiness.app_cookie.cookie_name")) {
    throw new AwsError("InvalidConfigurationRequest", "A cookie name must be specified for app_cookie stickiness");
  }
  if (isBehindLooseRule(group)) {
    throw new AwsError(
      "InvalidConfigurationRequest",
      `This target group appears behind a rule with group stickiness disabled (${group.arn}). You must enable group stickiness before enabling target stickiness`,
    );
  }
}

function isBehindLooseRule(group: TargetGroupRecord): boolean {
  for (const listener of group.loadBalancer?.listeners.values() ?? []) {
    for (const rule of rulesOf(listener)) {
      for (const { ForwardConfig } of rule.actions) {
        const tuples = ForwardConfig?.TargetGroups ?? [];
        const isNamed = tuples.some((tuple) => tuple.TargetGroupArn === group.arn);
        if (isNamed && tuples.length > 1 && !ForwardConfig?.TargetGroupStickinessConfig?.Enabled) return true;
      }
    }
  }
  return false;
}
