import type { RuleCondition } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { MatchValue, RuleMatch } from "../domain/observation/rule-match.ts";

/** What a rule's conditions take, so that rules can be compared. What is not known here is only ever the same as itself. */
export function toRuleMatch(conditions: readonly RuleCondition[]): RuleMatch {
  return conditions.map((condition) => {
    const { on, values } = read(condition);
    return values.length > 0
      ? { on, values }
      : { on: condition.Field ?? "", values: [{ kind: "exact", text: JSON.stringify(condition) }] };
  });
}

function read(condition: RuleCondition): { on: string; values: MatchValue[] } {
  const { Values, RegexValues } = condition;
  switch (condition.Field) {
    case "path-pattern":
      return { on: "path", values: patterns(condition.PathPatternConfig ?? { Values, RegexValues }, true) };
    case "host-header":
      return { on: "host", values: patterns(condition.HostHeaderConfig ?? { Values, RegexValues }, false) };
    case "http-header": {
      const config = condition.HttpHeaderConfig ?? {};
      return { on: `header ${config.HttpHeaderName?.toLowerCase()}`, values: patterns(config, false) };
    }
    case "http-request-method": {
      const methods = condition.HttpRequestMethodConfig?.Values ?? [];
      return { on: "method", values: methods.map((text) => ({ kind: "exact", text })) };
    }
    case "query-string": {
      const pairs = condition.QueryStringConfig?.Values ?? [];
      return {
        on: "query",
        values: pairs.map(({ Key, Value }) => ({ kind: "query", key: Key ?? null, text: Value ?? "" })),
      };
    }
    case "source-ip": {
      const blocks = condition.SourceIpConfig?.Values ?? [];
      return { on: "source-ip", values: blocks.map((text) => ({ kind: "cidr", text })) };
    }
    default:
      return { on: condition.Field ?? "", values: [] };
  }
}

/** A host or header matches in any case, a path in its own. */
function patterns(
  { Values, RegexValues }: Pick<RuleCondition, "Values" | "RegexValues">,
  isCaseSensitive: boolean,
): MatchValue[] {
  if (RegexValues?.length) return RegexValues.map((text) => ({ kind: "regex", text }));
  return (Values ?? []).map((text) => ({ kind: "pattern", text, isCaseSensitive }));
}
