import type { RuleCondition } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { AwsError } from "../service.ts";
import { validationError } from "./errors.ts";

const MAX_VALUES = 5;
/** The quota's number; the words of its refusal are assumed after those of the values' one. */
const MAX_WILDCARDS = 5;
const ONCE_ONLY = ["path-pattern", "host-header", "http-request-method", "source-ip"];

/**
 * Validates a rule's whole condition list and gives it the shape AWS reports: path and host patterns appear both
 * in `Values` and in their own configuration.
 */
export function normaliseConditions(conditions: readonly RuleCondition[]): RuleCondition[] {
  if (conditions.length === 0) throw validationError("A condition must be specified");
  const seen = new Set<string>();
  let count = 0;
  const normalised = conditions.map((condition) => {
    const field = condition.Field ?? "";
    if (ONCE_ONLY.includes(field) && seen.has(field)) {
      throw validationError(`A rule can have only one '${field}' condition`);
    }
    seen.add(field);
    const result = normaliseCondition(condition, field);
    count += valuesOf(result).length;
    return result;
  });
  if (wildcardsOf(normalised) > MAX_WILDCARDS)
    throw validationError(`A rule can only have '${MAX_WILDCARDS}' condition wildcards`);
  if (count > MAX_VALUES) {
    throw validationError(`A rule can only have '${MAX_VALUES}' condition values`);
  }
  return normalised;
}

/** AWS takes the old member or the new one, and answers both. That the old one takes one value is its documentation's word. */
function refuseOldAndNew(
  condition: RuleCondition,
  field: string,
  config: "PathPatternConfig" | "HostHeaderConfig",
): void {
  if (condition.Values?.length && condition[config])
    throw validationError(`You cannot provide both Values and '${config}' for a condition of type '${field}'`);
  if ((condition.Values?.length ?? 0) > 1)
    throw validationError(`Condition '${field}' can only have one value in Values; use ${config} for more`);
}

function normaliseCondition(condition: RuleCondition, field: string): RuleCondition {
  switch (field) {
    case "path-pattern": {
      refuseOldAndNew(condition, field, "PathPatternConfig");
      const { Values = condition.Values, RegexValues = condition.RegexValues } = condition.PathPatternConfig ?? {};
      return patternCondition(field, "PathPatternConfig", Values, RegexValues, (value) => value.length <= 128);
    }
    case "host-header": {
      refuseOldAndNew(condition, field, "HostHeaderConfig");
      const { Values = condition.Values, RegexValues = condition.RegexValues } = condition.HostHeaderConfig ?? {};
      return patternCondition(field, "HostHeaderConfig", Values, RegexValues, (value) =>
        /^[\w.*?-]{1,128}$/.test(value),
      );
    }
    case "http-header": {
      const config = condition.HttpHeaderConfig;
      if (!config?.HttpHeaderName)
        throw validationError("The HTTP header name of an 'http-header' condition must be specified");
      if (!config.Values?.length && !config.RegexValues?.length) throw noValue(field);
      return { Field: field, HttpHeaderConfig: { ...config } };
    }
    case "http-request-method": {
      const values = condition.HttpRequestMethodConfig?.Values;
      if (!values?.length) throw noValue(field);
      for (const value of values) {
        if (!/^[A-Z_-]{1,40}$/.test(value)) throw validationError(`The HTTP method '${value}' is not valid`);
      }
      return { Field: field, HttpRequestMethodConfig: { Values: [...values] } };
    }
    case "query-string": {
      const values = condition.QueryStringConfig?.Values;
      if (!values?.length || values.some((pair) => !pair.Value)) throw noValue(field);
      return { Field: field, QueryStringConfig: { Values: values.map((pair) => ({ ...pair })) } };
    }
    case "source-ip": {
      const values = condition.SourceIpConfig?.Values;
      if (!values?.length) throw noValue(field);
      for (const value of values) {
        if (!/^[\da-fA-F.:]+\/\d{1,3}$/.test(value))
          throw validationError(`The source IP '${value}' is not a valid CIDR block`);
      }
      return { Field: field, SourceIpConfig: { Values: [...values] } };
    }
    default:
      throw validationError(
        `Condition field '${field}' must be one of '[http-request-method, host-header, path-pattern, http-header, query-string, source-ip]'`,
      );
  }
}

function patternCondition(
  field: string,
  config: "PathPatternConfig" | "HostHeaderConfig",
  values: string[] | undefined,
  regexValues: string[] | undefined,
  isValid: (value: string) => boolean,
): RuleCondition {
  if (regexValues?.length) {
    return { Field: field, RegexValues: [...regexValues], [config]: { RegexValues: [...regexValues] } };
  }
  if (!values?.length) throw noValue(field);
  for (const value of values) {
    if (value === "" || !isValid(value))
      throw validationError(`Condition value '${value}' contains a character that is not valid`);
  }
  return { Field: field, Values: [...values], [config]: { Values: [...values] } };
}

function valuesOf(condition: RuleCondition): unknown[] {
  return (
    condition.Values ??
    condition.RegexValues ??
    condition.HttpHeaderConfig?.Values ??
    condition.HttpHeaderConfig?.RegexValues ??
    condition.HttpRequestMethodConfig?.Values ??
    condition.QueryStringConfig?.Values ??
    condition.SourceIpConfig?.Values ??
    []
  );
}

/** Every * and ? in the values of a rule's conditions; expressions have none. */
function wildcardsOf(conditions: readonly RuleCondition[]): number {
  const values = conditions.flatMap(({ Values, HttpHeaderConfig, QueryStringConfig }) => [
    ...(Values ?? []),
    ...(HttpHeaderConfig?.Values ?? []),
    ...(QueryStringConfig?.Values ?? []).flatMap(({ Key = "", Value = "" }) => [Key, Value]),
  ]);
  return values.join("").match(/[*?]/g)?.length ?? 0;
}

function noValue(field: string): AwsError {
  return validationError(`A condition value must be specified for a '${field}' condition`);
}
