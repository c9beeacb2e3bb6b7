import { isSameVersion, isUnacknowledged, type RequestedRevision } from "../deployment/automatic-rollback.ts";
import type { Deployment } from "../deployment/deployment.ts";
import type { Blocker } from "../verb/blocker.ts";

/** Why a pipeline may not run this again yet: Switchyard rolled it back by itself, and no person has taken note. A person may. */
export function findRolledBackBlocker(
  history: readonly Deployment[],
  request: RequestedRevision | null,
  via: "session" | "token",
): Blocker | null {
  if (via !== "token" || !request) return null;
  const turned = history.find((each) => isUnacknowledged(each) && isSameVersion(request, each));
  if (!turned?.breach) return null;
  const version = turned.revision?.tag ?? turned.revision?.digest ?? "This version";
  return {
    code: "ROLLBACK_NOT_ACKNOWLEDGED",
    message: `${version} was rolled back by Switchyard, and nobody has acknowledged it: ${turned.breach.message}`,
    fix: "A person acknowledges it on the board, or deploys it by hand; a pipeline may then",
  };
}
