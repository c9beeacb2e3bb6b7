import { BlockList, isIP } from "node:net";
import { parseRange } from "../config/address-range.ts";

/** Proxies whose `X-Forwarded-For` counts. */
export interface TrustedProxies {
  /** This machine always is one: whoever can connect from it owns it anyway. What it forwards for itself is not followed further. */
  hasPeer(address: string): boolean;
  has(address: string): boolean;
}

/** From addresses and ranges such as `10.0.0.0/8`; ones that are neither are left out, because the settings were checked before. */
export function trustedProxies(ranges: readonly string[]): TrustedProxies {
  const list = new BlockList();
  for (const { address, prefix, family } of ranges.map(parseRange).filter((range) => range !== null))
    list.addSubnet(address, prefix, family);
  const has = (address: string) => {
    const version = isIP(address);
    return version !== 0 && list.check(address, version === 4 ? "ipv4" : "ipv6");
  };
  return { has, hasPeer: (address) => address === "::1" || address.startsWith("127.") || has(address) };
}

/**
 * Where a request comes from: the connection's other end, or, while that is a trusted proxy, whom it says it forwards for. Read
 * from the right, because everything before the first untrusted address is what the client claims.
 */
export function clientAddressOf(
  remote: string | undefined,
  forwardedFor: string | undefined,
  trusted: TrustedProxies,
): string | null {
  let address = plainAddress(remote ?? "");
  if (address === null || !trusted.hasPeer(address)) return address;
  for (const hop of (forwardedFor ?? "").split(",").reverse()) {
    const next = plainAddress(hop);
    if (next === null) return address;
    address = next;
    if (!trusted.has(address)) return address;
  }
  return address;
}

/** Whether the connection's other end may say for whom it asks. */
export function isTrustedPeer(remote: string | undefined, trusted: TrustedProxies): boolean {
  const address = plainAddress(remote ?? "");
  return address !== null && trusted.hasPeer(address);
}

/** Without brackets, port and the IPv6 form of an IPv4 address; null when it is no address. */
function plainAddress(text: string): string | null {
  const bare = text
    .trim()
    .replace(/^\[([^\]]*)\](:\d+)?$/, "$1")
    .replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, "$1")
    .replace(/^::ffff:(?=\d+\.)/i, "");
  return isIP(bare) === 0 ? null : bare.toLowerCase();
}
