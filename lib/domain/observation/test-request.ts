import { compileSafePattern } from "../log/safe-pattern.ts";
import { type Sentence, say } from "../sentence/sentence.ts";
import { findShadow, type MatchValue, type RuleMatch } from "./rule-match.ts";

/** What a request has to carry besides its address to come to the test rule. */
export interface TestRequest {
  /** In words: "header X-Preview: green". */
  takes: string;
  /** `takes` in no language yet. */
  takesSaid?: Sentence;
  headers: Readonly<Record<string, string>>;
  query: readonly (readonly [string, string])[];
}

/**
 * What a request to this address needs to match the rule; or in words why Switchyard can make none: only values without
 * wildcards can be put into a request, and path and method are the request's own.
 */
export function findTestRequest(match: RuleMatch, url: URL, takes: string): TestRequest | { problem: Sentence } {
  const headers: Record<string, string> = {};
  const query: [string, string][] = [];
  for (const { on, values } of match) {
    const literal = values.find(isLiteral);
    if (on === "path") {
      const path = { kind: "pattern", text: url.pathname, isCaseSensitive: true } as const;
      const isAmong = findShadow([{ on, values: [path] }], [{ match: [{ on, values }] }]);
      if (!isAmong && !values.some((value) => isExpressionOf(value, url.pathname)))
        return { problem: say("resolve.notAmongPaths", { path: url.pathname, takes }) };
    } else if (on === "host") {
      const host = { kind: "pattern", text: url.hostname, isCaseSensitive: false } as const;
      if (findShadow([{ on, values: [host] }], [{ match: [{ on, values }] }])) continue;
      if (values.some((value) => isExpressionOf(value, url.hostname, "i"))) continue;
      if (!literal) return { problem: say("resolve.notAmongHosts", { host: url.hostname, takes }) };
      headers.host = literal.text;
    } else if (on.startsWith("header ")) {
      if (!literal) return { problem: say("resolve.noHeader", { takes }) };
      headers[on.slice("header ".length)] = literal.text;
    } else if (on === "query") {
      if (literal?.kind !== "query" || literal.key === null) return { problem: say("resolve.noQuery", { takes }) };
      query.push([literal.key, literal.text]);
    } else if (on === "method" && !values.some(({ text }) => text === "GET"))
      return { problem: say("resolve.noGet", { takes }) };
  }
  return { takes, headers, query };
}

function isExpressionOf({ kind, text: expression }: MatchValue, text: string, flags = ""): boolean {
  if (kind !== "regex") return false;
  try {
    return compileSafePattern(expression, flags).test(text);
  } catch {
    // One that only AWS can read: the request would be a guess.
    return false;
  }
}

function isLiteral(value: MatchValue): boolean {
  return (
    value.kind !== "regex" && !/[*?\\]/.test(value.text) && !(value.kind === "query" && /[*?\\]/.test(value.key ?? "*"))
  );
}
