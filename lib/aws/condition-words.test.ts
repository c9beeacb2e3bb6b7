import type { RuleCondition } from "@aws-sdk/client-elastic-load-balancing-v2";
import { expect, test } from "vitest";
import { inEnglish, inLanguage } from "../domain/sentence/in-language.ts";
import { conditionsSaid, transformsSaid } from "./condition-words.ts";

const CASES: [string, RuleCondition[]][] = [
  ["every request", []],
  ["path /api/*", [{ Field: "path-pattern", PathPatternConfig: { Values: ["/api/*"] } }]],
  ["path /old", [{ Field: "path-pattern", Values: ["/old"] }]],
  ["path matching ^/v[0-9]+/", [{ Field: "path-pattern", PathPatternConfig: { RegexValues: ["^/v[0-9]+/"] } }]],
  ["host partner.example.com", [{ Field: "host-header", HostHeaderConfig: { Values: ["partner.example.com"] } }]],
  ["host a.example.com or b.example.com", [{ Field: "host-header", Values: ["a.example.com", "b.example.com"] }]],
  [
    "header X-Preview: green",
    [{ Field: "http-header", HttpHeaderConfig: { HttpHeaderName: "X-Preview", Values: ["green"] } }],
  ],
  [
    "header User-Agent matching .*bot.*",
    [{ Field: "http-header", HttpHeaderConfig: { HttpHeaderName: "User-Agent", RegexValues: [".*bot.*"] } }],
  ],
  ["query v=2", [{ Field: "query-string", QueryStringConfig: { Values: [{ Key: "v", Value: "2" }] } }]],
  [
    "query v=2 or *=beta",
    [{ Field: "query-string", QueryStringConfig: { Values: [{ Key: "v", Value: "2" }, { Value: "beta" }] } }],
  ],
  ["method POST or PUT", [{ Field: "http-request-method", HttpRequestMethodConfig: { Values: ["POST", "PUT"] } }]],
  ["source IP 10.0.0.0/8", [{ Field: "source-ip", SourceIpConfig: { Values: ["10.0.0.0/8"] } }]],
  [
    "host a.example.com and path /b and header X-A: 1",
    [
      { Field: "host-header", HostHeaderConfig: { Values: ["a.example.com"] } },
      { Field: "path-pattern", PathPatternConfig: { Values: ["/b"] } },
      { Field: "http-header", HttpHeaderConfig: { HttpHeaderName: "X-A", Values: ["1"] } },
    ],
  ],
  [
    "path /a or /b, and method GET or HEAD",
    [
      { Field: "path-pattern", PathPatternConfig: { Values: ["/a", "/b"] } },
      { Field: "http-request-method", HttpRequestMethodConfig: { Values: ["GET", "HEAD"] } },
    ],
  ],
  ["a-field-of-next-year", [{ Field: "a-field-of-next-year" }]],
];

test("what a rule makes of a request's address on its way is told, too", () => {
  const takes = conditionsSaid([{ Field: "path-pattern", PathPatternConfig: { Values: ["/api/*"] } }]);
  const said = transformsSaid(takes, [
    { Type: "url-rewrite", UrlRewriteConfig: { Rewrites: [{ Regex: "^/api/(.*)$", Replace: "/$1" }] } },
    { Type: "host-header-rewrite" },
  ]);
  expect(inEnglish(said)).toBe("path /api/* (URL rewritten for the application) (host rewritten for the application)");
  expect(inEnglish(transformsSaid(takes, []))).toBe("path /api/*");
});

test.each(CASES)("a rule is told as: %s", (words, conditions) => {
  expect(inEnglish(conditionsSaid(conditions))).toBe(words);
});

test.each([
  ["경로 /api/* 및 헤더 X-Preview: green", 12],
  ["메서드 POST 또는 PUT", 10],
  ["쿼리 v=2 또는 *=beta", 9],
  ["소스 IP 10.0.0.0/8", 11],
  ["모든 요청", 0],
])("and in Korean as: %s", (words, at) => {
  const given: RuleCondition[] =
    at === 12
      ? [
          { Field: "path-pattern", PathPatternConfig: { Values: ["/api/*"] } },
          { Field: "http-header", HttpHeaderConfig: { HttpHeaderName: "X-Preview", Values: ["green"] } },
        ]
      : (CASES[at]?.[1] ?? []);
  expect(inLanguage(conditionsSaid(given), "ko")).toBe(words);
});
