/** Paths that are asked for to learn about health, by the target groups' own checks and by other monitors. */
export interface HealthCheckPaths {
  ofGroups: readonly string[];
  ofMonitors: readonly string[];
}

/** How load balancers name themselves when they check targets. */
const HEALTH_CHECKER = /\bELB-HealthChecker\b/;

/**
 * Tells a request by its line, matched by `requestLine`. A health check is none: what says so itself, and whatever asked for such
 * a path. Where the expression has a group `agent` and it matched, a group's path alone is not enough, because people may ask for
 * it as well. A group `path` is compared as it is; without one the path is looked for in the whole line.
 */
export function requestMatcher(
  requestLine: string,
  { ofGroups, ofMonitors }: HealthCheckPaths,
): (message: string) => RegExpExecArray | null {
  const line = new RegExp(requestLine);
  const isOf = (paths: readonly string[]) => {
    const tokens = paths.map(tokenOf);
    return (message: string, path: string | undefined) =>
      path === undefined
        ? tokens.some((token) => token.test(message))
        : paths.some((each) => withoutQuery(each) === withoutQuery(path));
  };
  const isOfGroup = isOf(ofGroups);
  const isOfMonitor = isOf(ofMonitors);
  return (message) => {
    if (HEALTH_CHECKER.test(message)) return null;
    const match = line.exec(message);
    if (!match) return null;
    const { path, agent } = match.groups ?? {};
    if (isOfMonitor(message, path) || (!agent && isOfGroup(message, path))) return null;
    return match;
  };
}

/** The path as a word of its own, also behind a host, with or without a query. */
function tokenOf(path: string): RegExp {
  const escaped = withoutQuery(path).replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`(?:^|[\\s"'=(\\[]|https?://[^/\\s"']+)${escaped}(?=$|[\\s"'?#),\\]])`);
}

function withoutQuery(path: string): string {
  return path.replace(/[?#].*$/, "");
}
