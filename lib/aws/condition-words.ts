import type { RuleCondition, RuleTransform } from "@aws-sdk/client-elastic-load-balancing-v2";
import { listSaid } from "../domain/sentence/list.ts";
import { type Sentence, say } from "../domain/sentence/sentence.ts";

/** What a rule takes, in words: "path /api/*", "host a.example.com and header X-Preview: green", "path /a or /b, and method GET". */
export function conditionsSaid(conditions: readonly RuleCondition[]): Sentence {
  const each = conditions.map(conditionSaid);
  // Where one has several values, a comma says that the others do not belong to the last of them.
  const isWide = each.some(({ count }) => count > 1);
  const [first, ...others] = each.map(({ said }) => said);
  if (!first) return say("condition.every");
  return others.reduce((before, last) => say(isWide ? "condition.andWide" : "condition.and", { before, last }), first);
}

/** With what becomes of its requests on their way: the application sees another path or host than the public one. */
export function transformsSaid(takes: Sentence, transforms: readonly RuleTransform[]): Sentence {
  return transforms.reduce((said, { Type }) => {
    if (Type === "url-rewrite") return say("condition.urlRewritten", { takes: said });
    return Type === "host-header-rewrite" ? say("condition.hostRewritten", { takes: said }) : said;
  }, takes);
}

interface Told {
  said: Sentence;
  /** Of its values. */
  count: number;
}

function conditionSaid(condition: RuleCondition): Told {
  const told = (values: readonly string[] | undefined, as: (values: Sentence) => Sentence): Told => ({
    said: as(listSaid(values ?? [], "or")),
    count: values?.length ?? 0,
  });
  switch (condition.Field) {
    case "path-pattern":
    case "host-header": {
      const isPath = condition.Field === "path-pattern";
      const config = (isPath ? condition.PathPatternConfig : condition.HostHeaderConfig) ?? condition;
      const regular = config.RegexValues?.length ? config.RegexValues : condition.RegexValues;
      if (regular?.length)
        return told(regular, (values) => say(isPath ? "condition.pathMatching" : "condition.hostMatching", { values }));
      return told(config.Values?.length ? config.Values : condition.Values, (values) =>
        say(isPath ? "condition.path" : "condition.host", { values }),
      );
    }
    case "http-header": {
      const { HttpHeaderName: name = "", Values, RegexValues } = condition.HttpHeaderConfig ?? {};
      return RegexValues?.length
        ? told(RegexValues, (values) => say("condition.headerMatching", { name, values }))
        : told(Values, (values) => say("condition.header", { name, values }));
    }
    case "http-request-method":
      return told(condition.HttpRequestMethodConfig?.Values, (values) => say("condition.method", { values }));
    case "query-string": {
      // Without a key, the value may stand under any.
      const pairs = condition.QueryStringConfig?.Values?.map(({ Key, Value }) => `${Key ?? "*"}=${Value ?? ""}`);
      return told(pairs, (values) => say("condition.query", { values }));
    }
    case "source-ip":
      return told(condition.SourceIpConfig?.Values, (values) => say("condition.sourceIp", { values }));
    default:
      return {
        said: condition.Field ? say("list.one", { item: condition.Field }) : say("condition.unknown"),
        count: 1,
      };
  }
}
