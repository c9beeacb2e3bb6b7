import { isIP } from "node:net";

/** An address or a range of them; null for anything else. */
export function parseRange(text: string): { address: string; prefix: number; family: "ipv4" | "ipv6" } | null {
  const [address = "", size, ...more] = text.trim().split("/");
  const version = isIP(address);
  if (version === 0 || more.length > 0 || (size !== undefined && !/^\d{1,3}$/.test(size))) return null;
  const most = version === 4 ? 32 : 128;
  const prefix = size === undefined ? most : Number(size);
  return prefix > most ? null : { address, prefix, family: version === 4 ? "ipv4" : "ipv6" };
}

/** Whether a text is an address or a range of them, such as `10.0.0.0/8`. */
export function isAddressRange(text: string): boolean {
  return parseRange(text) !== null;
}
