/** The entry of `library` in switchyard.yaml where it has a service for each side, with nothing that has a default but how long health must last. For tests and benches. */
export const LIBRARY_SETTINGS = {
  name: "library",
  cluster: "library-management-cluster",
  listener: { loadBalancer: "library-alb", port: 80 },
  blue: { service: "library-blue-service", targetGroup: "library-blue-tg" },
  green: { service: "library-green-service", targetGroup: "library-green-tg" },
  container: "library",
  repository: "library-management-system",
  // One interval of the sandbox's groups: what waits for more is told by the pure rules.
  stableChecks: 1,
};
