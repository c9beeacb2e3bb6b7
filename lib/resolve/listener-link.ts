import type { Certificates } from "../aws/certificates.ts";
import type { ListenerReading } from "../aws/elb-readings.ts";
import type { RuleMatch } from "../domain/observation/rule-match.ts";

const DEFAULT_PORTS: Readonly<Record<string, number>> = { http: 80, https: 443 };

/**
 * Where people reach a listener, or the rule with this match: by the host that the rule takes, else by the one that the listener's
 * certificate is for, else by the load balancer's own name, which no certificate of a browser's is for.
 */
export async function readLink(
  certificates: Certificates,
  dnsName: string,
  listener: Pick<ListenerReading, "protocol" | "port" | "certificateArn">,
  match: RuleMatch,
): Promise<string> {
  const scheme = listener.protocol === "HTTPS" ? "https" : "http";
  const host = hostOf(match) ?? (await certifiedHost(certificates, listener.certificateArn)) ?? dnsName;
  return `${scheme}://${host}${listener.port === DEFAULT_PORTS[scheme] ? "" : `:${listener.port}`}`;
}

/** The first host of the rule's condition that stands for itself alone. */
function hostOf(match: RuleMatch): string | null {
  const texts = match.flatMap(({ on, values }) => (on === "host" ? values.map(({ text }) => text) : []));
  return texts.find(isOneHost) ?? null;
}

/** Null without a certificate, for one of many hosts, and where nobody lets us look at it. */
async function certifiedHost(certificates: Certificates, arn: string | undefined): Promise<string | null> {
  // Certificates that were uploaded to IAM are not ACM's to describe.
  if (!arn?.includes(":acm:")) return null;
  const domain = await certificates.describe(arn, "action").then(
    (found) => found.domain,
    () => "",
  );
  return isOneHost(domain) ? domain : null;
}

function isOneHost(text: string): boolean {
  return /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/i.test(text);
}
