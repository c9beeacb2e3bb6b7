import { can, seenApplications } from "../domain/access/role.ts";
import { type DiscoveryReport, reportFound } from "../domain/discovery/discovery-report.ts";
import { say } from "../domain/sentence/sentence.ts";
import type { Result } from "../domain/verb/blocker.ts";
import { hashOfEntry } from "../operations/add-applications.ts";
import { ASKS_AWS, ask } from "../request/ask.ts";
import type { Context } from "../request/context.ts";
import { refuse } from "../request/refusal.ts";

/** A small account is shown at once; a large one says that it is being looked at. */
const PATIENCE_MS = 1_500;

/** What the whole account has, as a proposed switchyard.yaml: for who has a role on all applications. `isFresh` asks AWS again. */
export function getDiscovery(ctx: Context, isFresh = false): Promise<Result<DiscoveryReport>> {
  return ask(
    ctx,
    null,
    async () => {
      const { identity, runtime } = ctx;
      if (seenApplications(identity) !== null)
        return refuse("FORBIDDEN", say("discovery.needsAll"), say("refusal.askRole"));
      const { region } = runtime.discovery;
      const { found, at, lookingSince } = await runtime.discovery.look({ isFresh, patienceMs: PATIENCE_MS });
      const { settings } = runtime;
      const file = can(identity, "access", null) ? { path: settings.path, isWritable: settings.isWritable() } : null;
      const shown = found
        ? reportFound(found, settings.applications(), hashOfEntry)
        : { services: 0, entrances: 0, notSeen: [], proposals: [], leftOut: [], text: "" };
      return { ok: true, value: { region, at, lookingSince, ...shown, file } };
    },
    { cost: ASKS_AWS },
  );
}
