import { isSameVersion, isUnacknowledged, type RequestedRevision } from "../deployment/automatic-rollback.ts";
import type { Deployment } from "../deployment/deployment.ts";
import { say } from "../sentence/sentence.ts";
import type { Blocker } from "../verb/blocker.ts";
import { blocker } from "../verb/say-blocker.ts";

/** Why a pipeline may not run this again yet: Switchyard rolled it back by itself, and no person has taken note. A person may. */
export function findRolledBackBlocker(
  history: readonly Deployment[],
  request: RequestedRevision | null,
  via: "session" | "token",
  digest: string | null = null,
): Blocker | null {
  if (via !== "token" || !request) return null;
  const turned = history.find((each) => isUnacknowledged(each) && isSameVersion(request, each, digest));
  if (!turned?.breach) return null;
  const version = turned.revision?.tag ?? turned.revision?.digest ?? say("blocker.thisVersion");
  const said = say("blocker.rolledBackBySwitchyard", { version, breach: turned.breach.said ?? turned.breach.message });
  return blocker("ROLLBACK_NOT_ACKNOWLEDGED", said, say("blocker.personAcknowledges"));
}
