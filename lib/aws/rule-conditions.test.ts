import type { IncomingMessage } from "node:http";
import type { RuleCondition } from "@aws-sdk/client-elastic-load-balancing-v2";
import fc from "fast-check";
import { expect, test } from "vitest";
import { compileCondition } from "../../sandbox/elb/condition-match.ts";
import { findShadow, takesEverything } from "../domain/observation/rule-match.ts";
import { toRuleMatch } from "./rule-conditions.ts";

/* A rule that is shadowed gets no request; one of which that is not certain counts as reached. */

const path = (...Values: string[]): RuleCondition => ({ Field: "path-pattern", PathPatternConfig: { Values } });
const host = (...Values: string[]): RuleCondition => ({ Field: "host-header", HostHeaderConfig: { Values } });
const header = (HttpHeaderName: string, ...Values: string[]): RuleCondition => ({
  Field: "http-header",
  HttpHeaderConfig: { HttpHeaderName, Values },
});
const method = (...Values: string[]): RuleCondition => ({
  Field: "http-request-method",
  HttpRequestMethodConfig: { Values },
});
const query = (...pairs: [string | undefined, string][]): RuleCondition => ({
  Field: "query-string",
  QueryStringConfig: { Values: pairs.map(([Key, Value]) => ({ ...(Key === undefined ? {} : { Key }), Value })) },
});
const source = (...Values: string[]): RuleCondition => ({ Field: "source-ip", SourceIpConfig: { Values } });

const shadows = (rule: RuleCondition[], earlier: RuleCondition[][]) =>
  findShadow(
    toRuleMatch(rule),
    earlier.map((conditions, index) => ({ index, match: toRuleMatch(conditions) })),
  )?.map(({ index }) => index) ?? null;

test.each<[string, RuleCondition[], RuleCondition[][], number[]]>([
  ["anything, by every path", [path("/api/*")], [[path("/*")]], [0]],
  ["anything, by every host", [header("X-Preview", "green")], [[host("*")]], [0]],
  ["the default action, by every path", [], [[path("*")]], [0]],
  ["a path within a wider one", [path("/api/v2/*")], [[path("/api/*")]], [0]],
  ["the very same", [path("/api/*"), host("a.example.com")], [[host("A.example.com"), path("/api/*")]], [0]],
  ["what has one condition more", [path("/api/*"), host("a.example.com")], [[path("/api/*")]], [0]],
  ["a host of a wildcard's", [host("a.example.com")], [[host("*.example.com")]], [0]],
  ["several values, by several rules", [path("/a", "/b")], [[path("/b")], [host("x")], [path("/a")]], [2, 0]],
  ["several values, by one", [path("/a/1", "/b")], [[path("/b", "/a/*")]], [0]],
  ["one character by a run", [path("/a?")], [[path("/a*")]], [0]],
  ["a header's value", [header("X-Preview", "green")], [[header("x-preview", "GRE*")]], [0]],
  ["a method of several", [method("POST"), path("/x")], [[method("GET", "POST")]], [0]],
  ["a network within another", [source("10.1.0.0/16")], [[source("10.0.0.0/8")]], [0]],
  ["a network of IPv6", [source("2001:db8:1::/48")], [[source("2001:db8::/32")]], [0]],
  ["anything, by an expression", [path("/x")], [[{ Field: "path-pattern", RegexValues: ["^.+$"] }]], [0]],
  ["any network", [path("/x")], [[source("0.0.0.0/0", "::/0")]], [0]],
  ["a query of any key", [query(["v", "2"])], [[query([undefined, "2"])]], [0]],
  [
    "the same expression",
    [{ Field: "host-header", RegexValues: ["a+"] }],
    [[{ Field: "host-header", RegexValues: ["a+"] }]],
    [0],
  ],
])("shadowed: %s", (_, rule, earlier, by) => {
  expect(shadows(rule, earlier)).toEqual(by);
});

test.each<[string, RuleCondition[], RuleCondition[][]]>([
  ["without an earlier rule", [path("/api/*")], []],
  ["a wider path", [path("/api/*")], [[path("/api/v2/*")]]],
  ["one of two values", [path("/a", "/b")], [[path("/a")]]],
  ["a path in another case", [path("/API/*")], [[path("/api/*")]]],
  ["the default action, by a part", [], [[path("/api/*")], [host("a.example.com")]]],
  ["another header", [header("X-A", "1")], [[header("X-B", "1")]]],
  ["what has one condition less", [path("/api/*")], [[path("/api/*"), method("GET")]]],
  ["every path of one method", [path("/api/*")], [[path("/*"), method("GET")]]],
  ["a wider network", [source("10.0.0.0/8")], [[source("10.1.0.0/16")]]],
  ["IPv6 beside all of IPv4", [path("/x")], [[source("0.0.0.0/0")]]],
  ["a query of another key", [query([undefined, "2"])], [[query(["v", "2"])]]],
  ["a literal star in a query", [query(["v", "\\*"])], [[query(["v", "\\?"])]]],
  ["a run by one character", [path("/a*")], [[path("/a?")]]],
  [
    "an expression that is for all only if a part is enough",
    [path("/x")],
    [[{ Field: "path-pattern", RegexValues: ["^/"] }]],
  ],
  ["an expression by a pattern", [{ Field: "host-header", RegexValues: ["a.*"] }], [[host("a*")]]],
  ["a condition of a kind to come", [{ Field: "tls-version" }], [[path("/x")]]],
])("reached: %s", (_, rule, earlier) => {
  expect(shadows(rule, earlier)).toBeNull();
});

test.each<[string, RuleCondition[], boolean]>([
  ["every path", [path("/api", "/*")], true],
  ["every host and path", [host("*"), path("*")], true],
  ["everybody by IPv4", [source("0.0.0.0/0")], true],
  ["an expression for all", [{ Field: "path-pattern", RegexValues: ["^/.*$"] }], true],
  ["every path of one host", [path("/*"), host("a.example.com")], false],
  ["one network", [source("10.0.0.0/8")], false],
  ["an expression that no host can match", [{ Field: "host-header", RegexValues: ["^/.*$"] }], false],
  ["an expression for every host", [{ Field: "host-header", RegexValues: [".*"] }], true],
  ...[
    "^/",
    "/",
    "^",
    ".",
    ".+",
    "^.*$",
    "^.+$",
    "^/?",
    "^/*",
    "^(/.*)$",
    "^\\/.*$",
    "^/.*?$",
    "^(?:.*)",
    "(.*)",
    "/.{0,}",
    "[\\s\\S]*",
    "^/api|^/.*",
    "^(/api|/.*)$",
    "(?i)^/.*",
    "/+",
  ].map((text): [string, RuleCondition[], boolean] => [
    `paths by ${text}`,
    [{ Field: "path-pattern", RegexValues: [text] }],
    true,
  ]),
  ...["^/.+$", "^/$", "^/a", "/a?/", "^/[^/]*$", "\\.", "^/(api)?/", "a|b", "^(/|/x)$", "/.*x", "^//", "\\/\\/"].map(
    (text): [string, RuleCondition[], boolean] => [
      `not paths by ${text}`,
      [{ Field: "path-pattern", RegexValues: [text] }],
      false,
    ],
  ),
  ...["^.+$", ".", "^", "^(.*)$", "(?i).*", "^a|.*"].map((text): [string, RuleCondition[], boolean] => [
    `hosts by ${text}`,
    [{ Field: "host-header", RegexValues: [text] }],
    true,
  ]),
  ...["^/", "\\.", ".com$", "^.$", "..*x"].map((text): [string, RuleCondition[], boolean] => [
    `not hosts by ${text}`,
    [{ Field: "host-header", RegexValues: [text] }],
    false,
  ]),
])("takes everything: %s", (_, rule, expected) => {
  expect(takesEverything(toRuleMatch(rule))).toBe(expected);
});

const text = fc.string({ unit: fc.constantFrom("a", "b", "B", "*", "?"), minLength: 1, maxLength: 4 });
const condition = fc.oneof(
  fc
    .array(
      text.map((value) => `/${value}`),
      { minLength: 1, maxLength: 2 },
    )
    .map((values) => path(...values)),
  fc.array(text, { minLength: 1, maxLength: 2 }).map((values) => host(...values)),
  fc.tuple(fc.constantFrom("x", "Y"), text).map(([name, value]) => header(name, value)),
  fc.subarray(["GET", "POST", "PUT"], { minLength: 1 }).map((values) => method(...values)),
  fc.tuple(fc.option(text, { nil: undefined }), text).map((pair) => query(pair)),
  fc.constantFrom("127.0.0.0/8", "127.0.0.1/32", "10.0.0.0/8", "0.0.0.0/0").map((value) => source(value)),
);
const rule = fc.array(condition, { minLength: 1, maxLength: 3 });
const plain = fc.string({ unit: fc.constantFrom("a", "b", "B"), maxLength: 4 });
const request = fc
  .record({
    path: plain,
    host: plain,
    x: plain,
    y: plain,
    key: plain,
    value: plain,
    method: fc.constantFrom("GET", "POST"),
  })
  .map(
    ({ path: at, host: name, x, y, key, value, method: verb }) =>
      ({
        url: `/${at}?${key}=${value}`,
        method: verb,
        headers: { host: name, x, y },
        socket: { remoteAddress: "127.0.0.1" },
        // Safe because a condition looks at nothing else of a request.
      }) as unknown as IncomingMessage,
  );

test("a request that a shadowed rule would take has been taken by one that shadows it", () => {
  const takes = (conditions: RuleCondition[], one: IncomingMessage) =>
    conditions.every((each) => compileCondition({ ...each, ...each.PathPatternConfig, ...each.HostHeaderConfig })(one));
  let shadowed = 0;
  fc.assert(
    fc.property(
      rule,
      fc.array(rule, { minLength: 1, maxLength: 3 }),
      fc.array(request, { minLength: 20 }),
      (later, earlier, requests) => {
        const by = shadows(later, earlier);
        if (!by) return;
        shadowed += 1;
        for (const one of requests)
          if (takes(later, one)) expect(by.some((index) => takes(earlier[index] ?? [], one))).toBe(true);
      },
    ),
    { numRuns: 2_000 },
  );
  expect(shadowed).toBeGreaterThan(20);
});
