import type { Certificates } from "../aws/certificates.ts";
import type { ListenerReading } from "../aws/elb-readings.ts";
import type { ElbInventory } from "../aws/inventory-elb.ts";
import type { MatchValue, RuleMatch } from "../domain/observation/rule-match.ts";

const DEFAULT_PORTS: Readonly<Record<string, number>> = { http: 80, https: 443 };
/** Of one listener; AWS has 25 beside the default one, and each is a question of its own. */
const MOST_CERTIFICATES = 10;
const PRIORITY = "action";

/** What tells the hosts that a listener has certificates for. */
interface CertificateSource {
  readonly certificates: Certificates;
  readonly inventory: { readonly elb: Pick<ElbInventory, "listCertificates"> };
}

/**
 * Where people reach a listener, or the rule with this match: by a host that the rule takes, of several by the one that a certificate
 * of the listener is for, without any by the host of a certificate that the rule takes. Else by the load balancer's own name, which no
 * certificate of a browser's is for.
 */
export async function readLink(
  source: CertificateSource,
  dnsName: string,
  listener: Pick<ListenerReading, "arn" | "protocol" | "port" | "certificateArn">,
  match: RuleMatch,
): Promise<string> {
  const scheme = listener.protocol === "HTTPS" ? "https" : "http";
  const [first = null, ...others] = hostsOf(match);
  const isCertain = first !== null && others.length === 0;
  const certified = scheme === "http" || isCertain ? null : await certifiedHost(source, listener, match);
  const host = certified ?? first ?? dnsName;
  return `${scheme}://${host}${listener.port === DEFAULT_PORTS[scheme] ? "" : `:${listener.port}`}`;
}

/** The hosts of the rule's conditions that stand for themselves alone. */
function hostsOf(match: RuleMatch): string[] {
  return valuesOf(match)
    .map(({ text }) => text)
    .filter(isOneHost);
}

function valuesOf(match: RuleMatch): MatchValue[] {
  return match.flatMap(({ on, values }) => (on === "host" ? values : []));
}

/** By the default certificate, else by those that clients get by the host that they name (SNI). Null where none tells one. */
async function certifiedHost(
  source: CertificateSource,
  { arn, certificateArn }: Pick<ListenerReading, "arn" | "certificateArn">,
  match: RuleMatch,
): Promise<string | null> {
  const own = await namesOf(source, certificateArn);
  const found = hostAmong(own, match);
  if (found !== null) return found;
  const further = await source.inventory.elb.listCertificates(arn, PRIORITY).catch(() => []);
  for (const other of further.filter((each) => each !== certificateArn).slice(0, MOST_CERTIFICATES)) {
    const host = hostAmong(await namesOf(source, other), match);
    if (host !== null) return host;
  }
  return null;
}

/** A host of the rule that one of the names is for; where the rule has none, a name that stands for itself and that the rule takes. */
function hostAmong(names: readonly string[], match: RuleMatch): string | null {
  const hosts = hostsOf(match);
  if (hosts.length > 0) return hosts.find((host) => names.some((name) => isFor(name, host))) ?? null;
  const patterns = valuesOf(match);
  return names.find((name) => isOneHost(name) && (patterns.length === 0 || patterns.some(takes(name)))) ?? null;
}

/** Null without a certificate, and where nobody lets us look at it. */
async function namesOf(source: CertificateSource, arn: string | undefined): Promise<readonly string[]> {
  // Certificates that were uploaded to IAM are not ACM's to describe.
  if (!arn?.includes(":acm:")) return [];
  return source.certificates.describe(arn, PRIORITY).then(
    ({ domain, names }) => names ?? [domain],
    () => [],
  );
}

/** A wildcard of a certificate stands for one part of a name: RFC 6125, 6.4.3. */
function isFor(name: string, host: string): boolean {
  const [of, as] = [name.toLowerCase(), host.toLowerCase()];
  return of === as || (of.startsWith("*.") && as.slice(as.indexOf(".")) === of.slice(1));
}

/** Whether a value of a host condition takes the name; an expression is not judged. */
function takes(name: string): (value: MatchValue) => boolean {
  return ({ kind, text }) => {
    if (kind !== "pattern") return false;
    const parts = text.toLowerCase().replace(/[\\^$.|+()[\]{}]/g, "\\$&");
    return new RegExp(`^${parts.replaceAll("*", ".*").replaceAll("?", ".")}$`).test(name.toLowerCase());
  };
}

function isOneHost(text: string): boolean {
  return /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/i.test(text);
}
