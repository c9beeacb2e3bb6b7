import { isIP } from "node:net";
import type { RuleCondition } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { AwsError } from "../service.ts";
import { validationError } from "./errors.ts";

const MAX_VALUES = 5;
/** The quota's number; the words of its refusal are assumed after those of the values' one. */
const MAX_WILDCARDS = 5;
const MAX_LENGTH = 128;
const MAX_HEADER_NAME = 40;
/**
 * What values may be made of: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateRule.html. A host has
 * a dot, and behind the last one a label that begins with a letter.
 */
const PATH = /^[\w*?.$/~"'@:+&-]+$/;
const HOST = /^[A-Za-z0-9*?-][A-Za-z0-9.*?-]*\.[A-Za-z][A-Za-z0-9*?-]*$/;
const PRINTABLE = /^[\x20-\x7e]+$/;
/** Of RFC 7230; wildcards are none here. */
const HEADER_NAME = /^[!#$%&'+.^`|~\w-]+$/;
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

/**
 * AWS takes the old member or the new one, and answers both. Assumption: that the old one takes one value, as its documentation has
 * it; of two people who tried more (https://github.com/serverless/serverless/pull/8965) one was refused and one was not.
 */
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
      return patternCondition(field, "PathPatternConfig", Values, RegexValues, (value) => PATH.test(value));
    }
    case "host-header": {
      refuseOldAndNew(condition, field, "HostHeaderConfig");
      const { Values = condition.Values, RegexValues = condition.RegexValues } = condition.HostHeaderConfig ?? {};
      return patternCondition(field, "HostHeaderConfig", Values, RegexValues, (value) => HOST.test(value));
    }
    case "http-header": {
      const config = condition.HttpHeaderConfig;
      if (!config?.HttpHeaderName)
        throw validationError("The HTTP header name of an 'http-header' condition must be specified");
      const { HttpHeaderName: name, Values = [], RegexValues = [] } = config;
      if (Values.length === 0 && RegexValues.length === 0) throw noValue(field);
      if (name.length > MAX_HEADER_NAME) throw tooLong(field, MAX_HEADER_NAME);
      if (name.toLowerCase() === "host") throw validationError("You cannot specify 'host' as an HTTP header name");
      if (!HEADER_NAME.test(name)) throw unexpectedCharacter(name);
      checkRegex(Values, RegexValues, "HttpHeaderConfig");
      checkValues(field, Values, (value) => PRINTABLE.test(value));
      return { Field: field, HttpHeaderConfig: { ...config } };
    }
    case "http-request-method": {
      const values = condition.HttpRequestMethodConfig?.Values;
      if (!values?.length) throw noValue(field);
      checkValues(field, values, (value) => /^[A-Z_-]{1,40}$/.test(value));
      return { Field: field, HttpRequestMethodConfig: { Values: [...values] } };
    }
    case "query-string": {
      const values = condition.QueryStringConfig?.Values;
      if (!values?.length || values.some((pair) => !pair.Value)) throw noValue(field);
      const texts = values.flatMap(({ Key, Value = "" }) => (Key === undefined ? [Value] : [Key, Value]));
      checkValues(field, texts, (value) => PRINTABLE.test(value));
      return { Field: field, QueryStringConfig: { Values: values.map((pair) => ({ ...pair })) } };
    }
    case "source-ip": {
      const values = condition.SourceIpConfig?.Values;
      if (!values?.length) throw noValue(field);
      for (const value of values)
        if (!isCidr(value)) throw validationError(`The specified value '${value}' is not a valid CIDR block`);
      return { Field: field, SourceIpConfig: { Values: [...values] } };
    }
    default:
      throw validationError(
        `Condition field '${field}' must be one of '[http-request-method, host-header, path-pattern, http-header, query-string, source-ip]'`,
      );
  }
}

function checkValues(field: string, values: readonly string[], isValid: (value: string) => boolean): void {
  for (const value of values) {
    if (value.length > MAX_LENGTH) throw tooLong(field, MAX_LENGTH);
    if (!isValid(value)) throw unexpectedCharacter(value);
  }
}

/** AWS takes patterns or expressions. Assumption: that it looks at expressions at once, and the words where one is none. */
function checkRegex(values: readonly string[], expressions: readonly string[], config: string): void {
  if (values.length > 0 && expressions.length > 0)
    throw validationError(
      `You must provide exactly one of the following: ['Values' 'RegexValues'] for config of type '${config}'`,
    );
  for (const expression of expressions)
    try {
      new RegExp(expression);
    } catch {
      throw validationError(`Condition regex value '${expression}' is not valid`);
    }
}

function isCidr(value: string): boolean {
  const [address = "", bits = "", ...rest] = value.split("/");
  const most = { 4: 32, 6: 128 }[isIP(address)];
  return rest.length === 0 && most !== undefined && /^\d{1,3}$/.test(bits) && Number(bits) <= most;
}

const tooLong = (field: string, most: number) =>
  validationError(`Condition value for '${field}' cannot contain more than ${most} characters`);
const unexpectedCharacter = (value: string) =>
  validationError(`Condition value '${value}' contains a character that is not valid`);

function patternCondition(
  field: string,
  config: "PathPatternConfig" | "HostHeaderConfig",
  values: string[] | undefined,
  regexValues: string[] | undefined,
  isValid: (value: string) => boolean,
): RuleCondition {
  checkRegex(values ?? [], regexValues ?? [], config);
  if (regexValues?.length) {
    return { Field: field, RegexValues: [...regexValues], [config]: { RegexValues: [...regexValues] } };
  }
  if (!values?.length) throw noValue(field);
  checkValues(field, values, isValid);
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
