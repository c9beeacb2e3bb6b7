/** What of its requests a rule of a load balancer takes, by its conditions. */
export const condition = {
  path: "path {values}",
  pathMatching: "path matching {values}",
  host: "host {values}",
  hostMatching: "host matching {values}",
  header: "header {name}: {values}",
  headerMatching: "header {name} matching {values}",
  method: "method {values}",
  query: "query {values}",
  sourceIp: "source IP {values}",
  unknown: "a condition",
  every: "every request",
  /** Both have to hold. The second where one has several values: the comma says that the other does not belong to the last of them. */
  and: "{before} and {last}",
  andWide: "{before}, and {last}",
  /** A rule's transforms: the application gets another address than people ask for. */
  urlRewritten: "{takes} (URL rewritten for the application)",
  hostRewritten: "{takes} (host rewritten for the application)",
} as const;
