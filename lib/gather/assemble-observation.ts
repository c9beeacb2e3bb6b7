import type { Application } from "../domain/application/application.ts";
import type { Observation } from "../domain/observation/observation.ts";
import { drivenPartOf } from "./assemble-driven.ts";
import { slotOf } from "./assemble-slot.ts";
import { sourcesOf } from "./assemble-sources.ts";
import { trafficOf } from "./assemble-traffic.ts";
import { waysInOf } from "./assemble-ways.ts";
import type { Facts } from "./facts.ts";
import { revisionsOf } from "./gather-revisions.ts";

/**
 * One application as the facts have it; each target's history is remembered on the way. A source that never answered leaves
 * its part empty and says why. Data older than `staleAfterMs` is marked stale. Target health may be read in turns of its own,
 * because each group costs a call: then it has its own limit, and its age is each side's `targetsReadAt`.
 */
export function assembleObservation(
  application: Application,
  facts: Facts,
  now: number,
  staleAfterMs: number,
  targetsStaleAfterMs: number | null = null,
): Observation {
  const { observedAt, states } = sourcesOf(application, facts, now, {
    ms: staleAfterMs,
    targetsMs: targetsStaleAfterMs,
  });
  const traffic = trafficOf(application, facts);
  const alarms = facts.alarms.find(application.name)?.value;
  const waysIn = waysInOf(application, facts);
  return {
    application: application.name,
    cluster: application.cluster,
    observedAt,
    sources: states,
    traffic,
    slots: {
      blue: slotOf(application, "blue", facts, traffic, now),
      green: slotOf(application, "green", facts, traffic, now),
    },
    ...(waysIn ? { waysIn } : {}),
    ...revisionStates(application, facts),
    ...(application.alarms.length > 0 && alarms ? { watchedAlarms: alarms } : {}),
    ...drivenPartOf(application, facts, now),
  };
}

function revisionStates(application: Application, facts: Facts): Pick<Observation, "revisions"> {
  const known = [...revisionsOf(application, facts)].flatMap((arn) => {
    const state = facts.revisions.find(arn)?.value;
    return state ? [[arn, state] as const] : [];
  });
  return known.length > 0 ? { revisions: Object.fromEntries(known) } : {};
}
