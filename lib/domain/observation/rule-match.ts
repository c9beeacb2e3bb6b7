import { isForAll, isForAllInPart } from "./any-request.ts";
import { hasNetwork } from "./network-range.ts";

/** One value of a rule's condition; a request needs to match one of a condition's values, and every condition. */
export type MatchValue =
  | { kind: "pattern"; text: string; isCaseSensitive: boolean }
  | { kind: "exact"; text: string }
  | { kind: "regex"; text: string }
  | { kind: "cidr"; text: string }
  /** Null: under any key. */
  | { kind: "query"; key: string | null; text: string };

/** A condition of a rule, by what of a request it looks at: "path", "host", "header x-preview", "method", "query", "source-ip". */
interface RuleCondition {
  on: string;
  values: readonly MatchValue[];
}

/** What a request must be to match, conditions all together; empty for every request. */
export type RuleMatch = readonly RuleCondition[];

/** An earlier rule, by whatever the caller knows it. */
interface Earlier {
  match: RuleMatch;
}

/**
 * The earlier rules that leave a later one no request at all; null where some request still reaches it. Where that is not
 * certain, as with expressions, the later one counts as reached. Several rules may take it together, one value each.
 */
export function findShadow<T extends Earlier>(match: RuleMatch, earlier: readonly T[]): T[] | null {
  const takers = new Set<T>();
  for (const one of singleValued(match)) {
    const taker = earlier.find((rule) => rule.match.every((condition) => isImplied(condition, one)));
    if (!taker) return null;
    takers.add(taker);
  }
  return [...takers];
}

/** Whether the rule takes every request of people who come by IPv4, whatever its host, path or method; expressions are taken for as wide as AWS may read them. */
export function takesEverything(match: RuleMatch): boolean {
  return match.every(
    (condition) => isAlways(condition, isForAllInPart) || condition.values.some((value) => isAnyIpv4(value)),
  );
}

/** Each way to match with one value of every condition. */
function singleValued(match: RuleMatch): RuleMatch[] {
  return match.reduce<RuleMatch[]>(
    (all, { on, values }) => all.flatMap((one) => values.map((value) => [...one, { on, values: [value] }])),
    [[]],
  );
}

/** Whether whatever matches `given`, which has one value a condition, matches this condition, too. */
function isImplied(condition: RuleCondition, given: RuleMatch): boolean {
  if (isAlways(condition)) return true;
  return given.some(
    ({ on, values: [value] }) =>
      on === condition.on && value !== undefined && condition.values.some((wider) => covers(wider, value)),
  );
}

/** By `isEvery` an expression matches every path or host. */
function isAlways({ on, values }: RuleCondition, isEvery = isForAll): boolean {
  if (on === "source-ip") return ["0.0.0.0/0", "::/0"].every((all) => values.some(({ text }) => text === all));
  if (on !== "path" && on !== "host") return false;
  const whatever = { kind: "pattern", text: on === "path" ? "/*" : "*", isCaseSensitive: true } as const;
  return values.some((value) => (value.kind === "regex" ? isEvery(value.text, on) : covers(value, whatever)));
}

function isAnyIpv4({ kind, text }: MatchValue): boolean {
  return kind === "cidr" && text === "0.0.0.0/0";
}

function covers(wide: MatchValue, narrow: MatchValue): boolean {
  if (wide.kind === "pattern" && narrow.kind === "pattern") return isCovered(cased(narrow), cased(wide));
  if (wide.kind === "cidr" && narrow.kind === "cidr") return hasNetwork(wide.text, narrow.text);
  if (wide.kind === "query" && narrow.kind === "query") return coversQuery(wide, narrow);
  return wide.kind === narrow.kind && wide.text === narrow.text;
}

function cased({ text, isCaseSensitive }: MatchValue & { kind: "pattern" }): string {
  return isCaseSensitive ? text : text.toLowerCase();
}

type Query = MatchValue & { kind: "query" };

/** In a query a backslash makes a wildcard literal: patterns with one are only compared as they stand. */
function coversQuery(wide: Query, narrow: Query): boolean {
  const part = (w: string, n: string) =>
    w.includes("\\") || n.includes("\\") ? w === n : isCovered(n.toLowerCase(), w.toLowerCase());
  return (wide.key === null || part(wide.key, narrow.key ?? "*")) && part(wide.text, narrow.text);
}

/** Whether every text that matches `narrow` matches `wide`, for patterns of `*` (any run) and `?` (one character). */
function isCovered(narrow: string, wide: string): boolean {
  // ends[j]: what of `narrow` was read so far may end at j characters of `wide`.
  let ends = reach([true], wide);
  for (const character of narrow) {
    const after: boolean[] = [];
    for (let j = 0; j < wide.length; j += 1) {
      const pattern = wide[j];
      if (ends[j] !== true) continue;
      if (pattern === "*") after[j] = true;
      else if (character !== "*" && (pattern === "?" || pattern === character)) after[j + 1] = true;
    }
    ends = reach(after, wide);
  }
  return ends[wide.length] === true;
}

/** A run may be empty. */
function reach(ends: boolean[], wide: string): boolean[] {
  const all = [...ends];
  for (let j = 0; j < wide.length; j += 1) if (all[j] === true && wide[j] === "*") all[j + 1] = true;
  return all;
}
