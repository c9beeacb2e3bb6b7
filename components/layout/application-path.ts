const OWN_PAGES: ReadonlySet<string> = new Set([
  "",
  "access",
  "approvals",
  "audit",
  "deliveries",
  "freezes",
  "readiness",
  "sign-in",
  "tokens",
]);

/** The application that a path belongs to; null for pages of the whole console. */
export function applicationOf(pathname: string): string | null {
  const first = pathname.split("/")[1] ?? "";
  return OWN_PAGES.has(first) ? null : decodeURIComponent(first);
}

const PAGES: Readonly<Record<string, string>> = {
  deploy: "Deploy",
  deployments: "Deployments",
  logs: "Logs",
};

/** The name of an application's page, as its heading says it: "Board", "Logs", "Deployment d-1". */
export function pageOf(pathname: string): string {
  const [page = "", id] = pathname.split("/").slice(2);
  if (page === "deployments" && id) return `Deployment ${decodeURIComponent(id)}`;
  return PAGES[page] ?? "Board";
}
