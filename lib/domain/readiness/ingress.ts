import type { IngressFact, SecurityGroupFact } from "./network-facts.ts";

/** No network of anybody's own is wider than these many bits of its address: "0.0.0.0/1" is half of the world. */
const OWN_BITS = { ipv4: 8, ipv6: 16 } as const;

/** Whether a range of addresses is everybody's: "0.0.0.0/0", "::/0", and the halves and quarters that come to the same. */
export function isEverybody(cidr: string): boolean {
  const bits = Number(cidr.split("/")[1] ?? Number.NaN);
  return bits < (cidr.includes(":") ? OWN_BITS.ipv6 : OWN_BITS.ipv4);
}

/** Whether a rule lets everybody in. */
export function isForEverybody({ cidrs }: Pick<IngressFact, "cidrs">): boolean {
  return cidrs.some(isEverybody);
}

/** Whether a rule is about this TCP port. */
export function covers({ protocol, fromPort, toPort }: IngressFact, port: number): boolean {
  return protocol === "-1" || (protocol === "tcp" && fromPort <= port && port <= toPort);
}

/** Whether a rule is about more than one port. */
export function isRange({ protocol, fromPort, toPort }: IngressFact): boolean {
  return protocol === "-1" || fromPort !== toPort;
}

/** No load balancer has listeners on as many ports: it may have 50. */
const WIDE_PORTS = 100;

/** Whether a rule is about more ports than any load balancer listens on. */
export function isWide({ protocol, fromPort, toPort }: IngressFact): boolean {
  return protocol === "-1" || toPort - fromPort >= WIDE_PORTS;
}

/** "every port", "tcp 8000-9000", "tcp 8081". */
export function portsOf({ protocol, fromPort, toPort }: IngressFact): string {
  if (protocol === "-1") return "every port";
  return fromPort === toPort ? `${protocol} ${fromPort}` : `${protocol} ${fromPort}-${toPort}`;
}

/** Whom or what a rule names. */
export function namedBy({ cidrs, groupIds, prefixLists }: IngressFact): string[] {
  return [...groupIds, ...cidrs, ...prefixLists];
}

/** Whether any of the groups lets traffic out to this port of the others; addresses count, whosever they are. */
export function letsOut(
  groups: readonly Pick<SecurityGroupFact, "egress">[],
  port: number,
  to: readonly string[],
): boolean {
  return groups
    .flatMap(({ egress }) => egress)
    .some(
      (rule) =>
        covers(rule, port) &&
        (rule.cidrs.length > 0 || rule.prefixLists.length > 0 || rule.groupIds.some((id) => to.includes(id))),
    );
}

/** Whether an IPv4 range lies within another. What is no IPv4 range lies in none. */
export function liesWithin(inner: string, outer: string): boolean {
  const [one, other] = [rangeOf(inner), rangeOf(outer)];
  if (!one || !other || one.bits < other.bits) return false;
  return one.start >= other.start && one.start < other.start + 2 ** (32 - other.bits);
}

function rangeOf(cidr: string): { start: number; bits: number } | null {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(cidr);
  if (!match) return null;
  const [, a, b, c, d, bits] = match.map(Number);
  const start = [a, b, c, d].reduce<number>((sum, part) => sum * 256 + (part ?? 0), 0);
  return { start, bits: bits ?? 0 };
}
