/** First parts of addresses that Switchyard's own pages have; an application of such a name could not be reached. */
export const OWN_PAGES: readonly string[] = [
  "access",
  "api",
  "approvals",
  "audit",
  "deliveries",
  "discovery",
  "freezes",
  "readiness",
  "sign-in",
  "tokens",
];
