import type { IncomingMessage } from "node:http";
import type { RuleCondition } from "@aws-sdk/client-elastic-load-balancing-v2";
import { compileCondition } from "../../sandbox/elb/condition-match.ts";

/** Requests of every kind that generated rules tell apart, one for each combination. */
const PROBES: readonly IncomingMessage[] = ["/", "/books", "/api/books", "/api/v2/books"].flatMap((path) =>
  ["", "?v=2"].flatMap((query) =>
    ["app.example.org", "library.example.com", "partner.example.com"].flatMap((host) =>
      [undefined, "green"].flatMap((preview) =>
        ["GET", "POST"].flatMap((method) =>
          ["10.0.0.1", "203.0.113.1"].map(
            (remoteAddress) =>
              // Safe because conditions look at nothing else of a request.
              ({
                ...{ url: path + query, method, socket: { remoteAddress } },
                headers: { host, ...(preview ? { "x-preview": preview } : {}) },
              }) as unknown as IncomingMessage,
          ),
        ),
      ),
    ),
  ),
);

interface Place {
  arn: string;
  rules: readonly { arn: string; priority: number; conditions: readonly RuleCondition[] }[];
}

/** The listener's rules, and the listener itself for its default action, that some request comes to. */
export function reachedBy({ arn, rules }: Place): Set<string> {
  const inOrder = rules
    .toSorted((a, b) => a.priority - b.priority)
    .map((rule) => ({ arn: rule.arn, tests: rule.conditions.map(compiled) }));
  return new Set(
    PROBES.map((probe) => inOrder.find(({ tests }) => tests.every((matches) => matches(probe)))?.arn ?? arn),
  );
}

/** A path's or host's values stand where the sandbox keeps them. */
function compiled(condition: RuleCondition) {
  return compileCondition({ ...condition, ...condition.PathPatternConfig, ...condition.HostHeaderConfig });
}
