const OWN_PAGES: ReadonlySet<string> = new Set([
  "",
  "access",
  "approvals",
  "audit",
  "deliveries",
  "freezes",
  "sign-in",
  "tokens",
]);

/** The application that a path belongs to; null for pages of the whole console. */
export function applicationOf(pathname: string): string | null {
  const first = pathname.split("/")[1] ?? "";
  return OWN_PAGES.has(first) ? null : decodeURIComponent(first);
}
