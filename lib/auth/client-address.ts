/**
 * Where a request comes from, as the nearest proxy says, or Next itself where there is none. The last entry: the ones before it
 * are what the client claims. For the audit and for limits, never for permission.
 */
export function clientAddress(headers: Headers): string | null {
  return headers.get("x-forwarded-for")?.split(",").at(-1)?.trim().slice(0, 64) || null;
}
