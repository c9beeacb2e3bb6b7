import type { IncomingHttpHeaders } from "node:http";

/** Told apart by what to do about it; each is said once a process. */
type Finding = "host" | "origin-removed" | "origin-other" | "untrusted";

/** Sent by the look that each start takes at itself through whatever is in front of it. */
export const START_AGENT = "switchyard-start";

/**
 * Says what a proxy in front does that Switchyard cannot see through, with the line to add. Only requests that name an origin, or
 * that Switchyard sent itself with one, are judged: health checks come as they like.
 */
export function createProxyLook(url: string, warn: (message: string, fields: Record<string, unknown>) => void) {
  const { origin, host } = new URL(url);
  const said = new Set<Finding>();
  const say = (finding: Finding, message: string, fields: Record<string, unknown>) => {
    if (said.has(finding)) return;
    said.add(finding);
    warn(message, { ...fields, help: "docs/proxy.md" });
  };
  /** `stranger` is the address of a sender that names others' addresses without being trusted to. */
  return (headers: IncomingHttpHeaders, stranger: string | null): void => {
    const isOwnLook = headers["user-agent"] === START_AGENT;
    const isOwnPage = headers["sec-fetch-site"] === "same-origin" && headers["next-action"] !== undefined;
    if (headers.origin === undefined) {
      if (isOwnLook || isOwnPage)
        say("origin-removed", "A proxy in front removes the Origin header, without which nothing can be changed", {
          fix: "nginx: remove proxy_set_header Origin; HAProxy: remove http-request del-header Origin",
        });
      return;
    }
    if (stranger !== null)
      say("untrusted", "A proxy in front is not trusted, so the audit has its address instead of people's", {
        proxy: stranger,
        fix: `set SWITCHYARD_TRUSTED_PROXIES=${stranger}, or the range it is in`,
      });
    if (headers.origin !== origin) {
      if (isOwnLook || (isOwnPage && URL.canParse(headers.origin)))
        say("origin-other", `People open ${headers.origin}, but NEXTAUTH_URL is ${url}`, {
          fix: `set NEXTAUTH_URL=${headers.origin}, or lead people to ${url}`,
        });
      return;
    }
    const forwarded = headers["x-forwarded-host"];
    const seen = (Array.isArray(forwarded) ? forwarded[0] : forwarded?.split(",")[0]?.trim()) ?? headers.host;
    if (seen?.toLowerCase() !== host)
      say("host", `A proxy in front sends its own Host (${seen}); ${host}, of NEXTAUTH_URL, is used instead`, {
        fix: "nginx: proxy_set_header Host $host; HAProxy and load balancers of AWS send it as it came",
      });
  };
}
