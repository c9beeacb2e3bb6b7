import type { RuleCondition } from "@aws-sdk/client-elastic-load-balancing-v2";
import { expect, test } from "vitest";
import { normaliseConditions } from "./conditions.ts";

const path = (value: string): RuleCondition => ({ Field: "path-pattern", PathPatternConfig: { Values: [value] } });
const host = (value: string): RuleCondition => ({ Field: "host-header", HostHeaderConfig: { Values: [value] } });
const source = (value: string): RuleCondition => ({ Field: "source-ip", SourceIpConfig: { Values: [value] } });
const header = (HttpHeaderName: string, value = "x"): RuleCondition => ({
  Field: "http-header",
  HttpHeaderConfig: { HttpHeaderName, Values: [value] },
});
const query = (Value: string): RuleCondition => ({ Field: "query-string", QueryStringConfig: { Values: [{ Value }] } });
const ODD = "contains a character that is not valid";

const REFUSED: [condition: RuleCondition, words: string][] = [
  [path("/a b"), ODD],
  [path("/a#b"), ODD],
  [path(`/${"a".repeat(128)}`), "Condition value for 'path-pattern' cannot contain more than 128 characters"],
  [host("localhost"), ODD],
  [host("example.*"), ODD],
  [host("example.com:8443"), ODD],
  [host("10.0.0.1"), ODD],
  [header("Host"), "You cannot specify 'host' as an HTTP header name"],
  [header("x-*"), ODD],
  [header("x".repeat(41)), "Condition value for 'http-header' cannot contain more than 40 characters"],
  [header("x", "v".repeat(129)), "Condition value for 'http-header' cannot contain more than 128 characters"],
  [query("v".repeat(129)), "Condition value for 'query-string' cannot contain more than 128 characters"],
  [source("999.1.1.1/24"), "The specified value '999.1.1.1/24' is not a valid CIDR block"],
  [source("10.0.0.0/33"), "The specified value '10.0.0.0/33' is not a valid CIDR block"],
  [source("10.0.0.1"), "The specified value '10.0.0.1' is not a valid CIDR block"],
  [{ Field: "http-request-method", HttpRequestMethodConfig: { Values: ["get"] } }, ODD],
  [
    { Field: "path-pattern", PathPatternConfig: { Values: ["/a"], RegexValues: ["^/b"] } },
    "You must provide exactly one of the following",
  ],
  [{ Field: "path-pattern", PathPatternConfig: { RegexValues: ["(["] } }, "Condition regex value '([' is not valid"],
];

test.each(REFUSED)("refuses %j", (condition, words) => {
  expect(() => normaliseConditions([condition])).toThrow(words);
});

test.each([
  [path(`/~a$-_.+&@:'"*?/b`)],
  [host("*.example.com")],
  [host("example.co?")],
  [header("X-Preview", "green *")],
  [source("10.0.0.0/8")],
  [source("2001:db8::/32")],
])("takes %j", (condition) => {
  expect(normaliseConditions([condition])).toHaveLength(1);
});
