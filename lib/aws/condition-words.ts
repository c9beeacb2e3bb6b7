import type { RuleCondition } from "@aws-sdk/client-elastic-load-balancing-v2";

/** What a rule takes, in words: "path /api/*", "host a.example.com and header X-Preview: green", "path /a or /b, and method GET". */
export function conditionsWords(conditions: readonly RuleCondition[]): string {
  const each = conditions.map(conditionWords);
  // Where one has several values, a comma says that the others do not belong to the last of them.
  const isWide = each.some((words) => words.includes(" or "));
  return each.join(isWide ? ", and " : " and ") || "every request";
}

function conditionWords(condition: RuleCondition): string {
  switch (condition.Field) {
    case "path-pattern":
      return patternWords("path", condition.PathPatternConfig ?? condition, condition);
    case "host-header":
      return patternWords("host", condition.HostHeaderConfig ?? condition, condition);
    case "http-header": {
      const { HttpHeaderName = "", Values, RegexValues } = condition.HttpHeaderConfig ?? {};
      return RegexValues?.length
        ? `header ${HttpHeaderName} matching ${alternatives(RegexValues)}`
        : `header ${HttpHeaderName}: ${alternatives(Values)}`;
    }
    case "http-request-method":
      return `method ${alternatives(condition.HttpRequestMethodConfig?.Values)}`;
    case "query-string": {
      // Without a key, the value may stand under any.
      const pairs = condition.QueryStringConfig?.Values?.map(({ Key, Value }) => `${Key ?? "*"}=${Value ?? ""}`);
      return `query ${alternatives(pairs)}`;
    }
    case "source-ip":
      return `source IP ${alternatives(condition.SourceIpConfig?.Values)}`;
    default:
      return condition.Field ?? "a condition";
  }
}

function patternWords(
  name: string,
  config: Pick<RuleCondition, "Values" | "RegexValues">,
  { Values, RegexValues }: RuleCondition,
): string {
  const regular = config.RegexValues?.length ? config.RegexValues : RegexValues;
  if (regular?.length) return `${name} matching ${alternatives(regular)}`;
  return `${name} ${alternatives(config.Values?.length ? config.Values : Values)}`;
}

function alternatives(values: readonly string[] | undefined): string {
  return values?.join(" or ") ?? "";
}
