import { expect, test } from "vitest";
import type { MatchValue, RuleMatch } from "./rule-match.ts";
import { findTestRequest } from "./test-request.ts";

const pattern = (text: string): MatchValue => ({ kind: "pattern", text, isCaseSensitive: false });
const on = (name: string, ...values: MatchValue[]): RuleMatch[number] => ({ on: name, values });
const ask = (match: RuleMatch, url = "http://test.example.com/health") => findTestRequest(match, new URL(url), "it");

test.each<[string, RuleMatch, { headers?: object; query?: object }]>([
  ["a header's value", [on("header x-preview", pattern("green"))], { headers: { "x-preview": "green" } }],
  [
    "of several the first without a wildcard",
    [on("header x-a", pattern("a*"), pattern("b"))],
    { headers: { "x-a": "b" } },
  ],
  [
    "a host that is not the address's",
    [on("host", pattern("preview.example.com"))],
    { headers: { host: "preview.example.com" } },
  ],
  ["no host where the address's own matches", [on("host", pattern("*.example.com"))], {}],
  ["a query", [on("query", { kind: "query", key: "v", text: "2" })], { query: [["v", "2"]] }],
  ["nothing for a path that matches", [on("path", pattern("/hea*"))], {}],
  ["nothing for a path that an expression matches", [on("path", { kind: "regex", text: "^/(health|ready)$" })], {}],
  ["no host where an expression matches", [on("host", { kind: "regex", text: "^TEST\\." })], {}],
  [
    "nothing for a method or network",
    [on("method", { kind: "exact", text: "GET" }), on("source-ip", { kind: "cidr", text: "10.0.0.0/8" })],
    {},
  ],
])("a request to a test rule carries %s", (_, match, expected) => {
  expect(ask(match)).toEqual({ takes: "it", headers: {}, query: [], ...expected });
});

test.each<[string, RuleMatch]>([
  ["a path that does not match", [on("path", pattern("/preview/*"))]],
  ["a path that no expression matches", [on("path", { kind: "regex", text: "^/preview/" })]],
  ["an expression that cannot be read", [on("path", { kind: "regex", text: "^/(?=h)" })]],
  ["a host by wildcard alone", [on("host", pattern("*.example.org"))]],
  ["a header by wildcard alone", [on("header x-a", pattern("*"))]],
  ["a header by expression", [on("header x-a", { kind: "regex", text: "a" })]],
  ["a query under any key", [on("query", { kind: "query", key: null, text: "2" })]],
  ["a method that is not GET", [on("method", { kind: "exact", text: "POST" })]],
])("no request is made for %s", (_, match) => {
  expect(ask(match)).toEqual({
    problem: { code: expect.stringMatching(/^resolve\./), params: expect.objectContaining({ takes: "it" }) },
  });
});
