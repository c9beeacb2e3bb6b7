import type { IncomingMessage } from "node:http";
import { BlockList, isIPv6 } from "node:net";
import type { RuleCondition } from "@aws-sdk/client-elastic-load-balancing-v2";

/** Whether a request satisfies something. */
export type RequestMatch = (request: IncomingMessage) => boolean;

/** Compiles a normalised condition; any one of its values suffices. */
export function compileCondition(condition: RuleCondition): RequestMatch {
  switch (condition.Field) {
    case "path-pattern": {
      const patterns = patternsOf(condition.Values, condition.RegexValues, "");
      return (request) => matchesAny(patterns, splitTarget(request.url).path);
    }
    case "host-header": {
      const patterns = patternsOf(condition.Values, condition.RegexValues, "i");
      return (request) => matchesAny(patterns, (request.headers.host ?? "").replace(/:\d+$/, ""));
    }
    case "http-header": {
      const name = (condition.HttpHeaderConfig?.HttpHeaderName ?? "").toLowerCase();
      const patterns = patternsOf(condition.HttpHeaderConfig?.Values, condition.HttpHeaderConfig?.RegexValues, "i");
      return (request) => {
        const value = request.headers[name];
        return value !== undefined && [value].flat().some((one) => matchesAny(patterns, one));
      };
    }
    case "http-request-method": {
      const methods = new Set(condition.HttpRequestMethodConfig?.Values);
      return (request) => methods.has(request.method ?? "");
    }
    case "query-string": {
      const pairs = (condition.QueryStringConfig?.Values ?? []).map((pair) => ({
        key: pair.Key === undefined ? null : wildcard(pair.Key, "i"),
        value: wildcard(pair.Value ?? "", "i"),
      }));
      return (request) => {
        const given = [...new URLSearchParams(splitTarget(request.url).query)];
        return pairs.some((pair) =>
          given.some(([key, value]) => (pair.key?.test(key) ?? true) && pair.value.test(value)),
        );
      };
    }
    case "source-ip": {
      const blocks = new BlockList();
      for (const cidr of condition.SourceIpConfig?.Values ?? []) {
        const [address = "", prefix] = cidr.split("/");
        blocks.addSubnet(address, Number(prefix), isIPv6(address) ? "ipv6" : "ipv4");
      }
      return (request) => {
        const address = (request.socket.remoteAddress ?? "").replace(/^::ffff:/, "");
        return address !== "" && blocks.check(address, isIPv6(address) ? "ipv6" : "ipv4");
      };
    }
    default:
      return () => false;
  }
}

/** Path and query of a request target, in origin form or absolute form. */
export function splitTarget(target: string | undefined): { path: string; query: string } {
  let origin = target ?? "/";
  if (!origin.startsWith("/")) origin = origin.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?]*/i, "") || "/";
  const at = origin.indexOf("?");
  return at < 0 ? { path: origin, query: "" } : { path: origin.slice(0, at), query: origin.slice(at + 1) };
}

function patternsOf(values: string[] | undefined, regexValues: string[] | undefined, flags: string): RegExp[] {
  if (regexValues?.length) return regexValues.map((value) => new RegExp(value, flags));
  return (values ?? []).map((value) => wildcard(value, flags));
}

function matchesAny(patterns: readonly RegExp[], value: string): boolean {
  return patterns.some((pattern) => pattern.test(value));
}

/** AWS's patterns: `*` is any run of characters, `?` exactly one. */
function wildcard(pattern: string, flags: string): RegExp {
  const source = pattern
    .replace(/[.+^${}()|[\]\\/]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, `s${flags}`);
}
