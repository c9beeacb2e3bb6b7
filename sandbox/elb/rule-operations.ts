import type {
  CreateRuleInput,
  CreateRuleOutput,
  DeleteRuleInput,
  DeleteRuleOutput,
  DescribeRulesInput,
  DescribeRulesOutput,
  ModifyRuleInput,
  ModifyRuleOutput,
  Rule,
  SetRulePrioritiesInput,
  SetRulePrioritiesOutput,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { AwsError, type Handler } from "../service.ts";
import { describeActions, normaliseActions } from "./actions.ts";
import { assertAssociable, associate } from "./associations.ts";
import { normaliseConditions } from "./conditions.ts";
import { type ElbState, type ListenerRecord, type RuleRecord, rulesOf } from "./elb-state.ts";
import { assertRange, validationError } from "./errors.ts";
import type { HealthChecker } from "./health-checker.ts";
import { page } from "./paging.ts";
import { changeRoute, drawLagMs } from "./route.ts";
import { dropTags, putTags } from "./tag-operations.ts";

const MAX_RULES = 100;

/** Operations on rules. */
export function ruleOperations(state: ElbState, health: HealthChecker): Readonly<Record<string, Handler>> {
  const changeRules = (listener: ListenerRecord, change: () => void) => {
    changeRoute(state, listener, drawLagMs(state), () => {
      change();
      listener.rules.sort((a, b) => Number(a.priority) - Number(b.priority));
    });
    associate(state, health, listener.loadBalancer);
  };
  return {
    CreateRule(input: CreateRuleInput): CreateRuleOutput {
      const listener = state.getListener(input.ListenerArn ?? "");
      refuseTransforms(input.Transforms);
      const priority = input.Priority;
      if (priority === undefined) throw validationError("A priority must be specified");
      assertRange(priority, "priority", 1, 50_000);
      const conditions = normaliseConditions(input.Conditions ?? []);
      const actions = normalisedActions(state, listener, input.Actions ?? [], []);
      if (listener.rules.some((rule) => rule.priority === priority)) throw priorityInUse(priority);
      const count = [...listener.loadBalancer.listeners.values()].reduce((sum, one) => sum + one.rules.length, 0);
      if (count >= MAX_RULES)
        throw new AwsError("TooManyRules", `The maximum number of rules per load balancer is '${MAX_RULES}'`);
      assertAssociable(state, listener.loadBalancer, actions);
      const arn = `${listener.arn.replace(":listener/", ":listener-rule/")}/${state.newId()}`;
      if (input.Tags) putTags(state, arn, input.Tags);
      const rule: RuleRecord = { arn, listener, priority, conditions, actions };
      changeRules(listener, () => listener.rules.push(rule));
      return { Rules: [describeRule(rule)] };
    },

    DescribeRules(input: DescribeRulesInput): DescribeRulesOutput {
      const arns = input.RuleArns ?? [];
      if (input.ListenerArn && arns.length > 0)
        throw validationError("You must specify either listener rule ARNs or a listener ARN, not both");
      if (!input.ListenerArn && arns.length === 0)
        throw validationError("You must specify either listener rule ARNs or a listener ARN");
      const found = input.ListenerArn
        ? rulesOf(state.getListener(input.ListenerArn))
        : arns.map((arn) => state.getRule(arn));
      const { items, NextMarker } = page(found, input);
      return { Rules: items.map(describeRule), NextMarker };
    },

    ModifyRule(input: ModifyRuleInput): ModifyRuleOutput {
      const rule = state.getRule(input.RuleArn ?? "");
      if (rule.priority === "default") {
        throw new AwsError("OperationNotPermitted", `Default rule '${rule.arn}' cannot be modified`);
      }
      refuseTransforms(input.Transforms);
      if (!input.Conditions?.length && !input.Actions?.length) {
        throw validationError("Either conditions or actions must be specified");
      }
      const conditions = input.Conditions?.length ? normaliseConditions(input.Conditions) : rule.conditions;
      const actions = input.Actions?.length
        ? normalisedActions(state, rule.listener, input.Actions, rule.actions)
        : rule.actions;
      assertAssociable(state, rule.listener.loadBalancer, actions);
      changeRules(rule.listener, () => Object.assign(rule, { conditions, actions }));
      return { Rules: [describeRule(rule)] };
    },

    DeleteRule(input: DeleteRuleInput): DeleteRuleOutput {
      const rule = state.getRule(input.RuleArn ?? "");
      if (rule.priority === "default") {
        throw new AwsError("OperationNotPermitted", `Default rule '${rule.arn}' cannot be deleted`);
      }
      const { listener } = rule;
      changeRules(listener, () => {
        listener.rules = listener.rules.filter((one) => one !== rule);
      });
      dropTags(state, rule.arn);
      return {};
    },

    SetRulePriorities(input: SetRulePrioritiesInput): SetRulePrioritiesOutput {
      const wanted = new Map<RuleRecord, number>();
      for (const { RuleArn, Priority } of input.RulePriorities ?? []) {
        const rule = state.getRule(RuleArn ?? "");
        if (rule.priority === "default") {
          throw new AwsError("OperationNotPermitted", `The priority of default rule '${rule.arn}' cannot be changed`);
        }
        if (Priority === undefined) throw validationError("A priority must be specified");
        assertRange(Priority, "priority", 1, 50_000);
        if ([...wanted.values()].includes(Priority))
          throw validationError(`Priority '${Priority}' was provided multiple times`);
        wanted.set(rule, Priority);
      }
      const listeners = new Set([...wanted.keys()].map((rule) => rule.listener));
      if (listeners.size > 1) throw validationError("All rules must belong to the same listener");
      for (const listener of listeners) {
        const held = listener.rules.filter((rule) => !wanted.has(rule)).map((rule) => rule.priority);
        for (const priority of wanted.values()) if (held.includes(priority)) throw priorityInUse(priority);
      }
      for (const listener of listeners)
        changeRules(listener, () => {
          for (const [rule, priority] of wanted) rule.priority = priority;
        });
      return { Rules: [...wanted.keys()].map(describeRule) };
    },
  };
}

function describeRule(rule: RuleRecord): Rule {
  return {
    RuleArn: rule.arn,
    Priority: String(rule.priority),
    Conditions: structuredClone(rule.conditions),
    Actions: describeActions(rule.actions),
    IsDefault: rule.priority === "default",
  };
}

function normalisedActions(
  state: ElbState,
  listener: ListenerRecord,
  given: NonNullable<CreateRuleInput["Actions"]>,
  existing: NonNullable<CreateRuleInput["Actions"]>,
) {
  return normaliseActions(given, "actions", {
    getTargetGroup: (arn) => state.getTargetGroup(arn),
    listenerProtocol: listener.protocol,
    existing,
  });
}

function refuseTransforms(transforms: CreateRuleInput["Transforms"]): void {
  // Better refused than taken and not applied.
  if (transforms?.length) throw new AwsError("OperationNotPermitted", "This sandbox does not simulate rule transforms");
}

function priorityInUse(priority: number): AwsError {
  return new AwsError("PriorityInUse", `Priority '${priority}' is currently in use`);
}
