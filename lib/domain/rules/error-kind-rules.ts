import { COMPARED_STALE_MS, comparisonOf, countedKinds } from "../observation/compared-errors.ts";
import type { ErrorKind } from "../observation/error-kinds.ts";
import { otherColor, type SlotColor } from "../observation/slot.ts";
import { type Sentence, say } from "../sentence/sentence.ts";
import { utcClock } from "../text/utc-minute.ts";
import type { Blocker } from "../verb/blocker.ts";
import { blocker } from "../verb/say-blocker.ts";
import type { Alarm } from "./alarm.ts";
import type { RuleFacts } from "./rule-facts.ts";
import { alarm } from "./say-alarm.ts";

type Facts = Pick<RuleFacts, "observation" | "now"> & {
  application: { checks?: RuleFacts["application"]["checks"] };
};

/** "2 error kinds are only in green, or far more frequent there than in blue (first 12:02:14), and 0 are allowed". */
export function errorKindsSaid(kinds: readonly ErrorKind[], to: SlotColor, allowed: number): Sentence {
  const first = utcClock(Math.min(...kinds.map(({ firstAt }) => firstAt)));
  return say("breach.errorKinds", { count: kinds.length, to, other: otherColor(to), first, allowed });
}

/** Why the side's own errors keep it from getting traffic, where the application asks for that; what is not known blocks nothing. */
export function findErrorKindBlocker(facts: Facts, about: string | null, to: SlotColor): Blocker | null {
  const { observation, now } = facts;
  const { errorKinds = null } = facts.application.checks ?? {};
  if (!errorKinds?.blockSwitch) return null;
  const compared = comparisonOf(observation.errorKinds, about, now);
  if (compared?.found.color !== to) return null;
  const kinds = countedKinds(compared.found, errorKinds);
  if (kinds.length === 0) return null;
  return blocker(
    "NEW_ERROR_KINDS",
    errorKindsSaid(kinds, to, errorKinds.atLeast - 1),
    say("blocker.readErrorKinds", { to }),
  );
}

/** That kinds of error, which count for this application, are not known while a deployment is in flight: then nothing comes of them. */
export function findErrorKindAlarm(facts: Facts & Pick<RuleFacts, "deployment">): Alarm | null {
  const { observation, deployment, now } = facts;
  const { errorKinds: compared } = observation;
  if (!facts.application.checks?.errorKinds || !deployment) return null;
  const isOwn = compared?.about === deployment.id;
  const since = isOwn ? compared.at : deployment.startedAt;
  if (isOwn && compared.why) {
    const said = say("alarm.errorKindsUnknownWhy", { to: deployment.to, why: compared.why });
    return alarm("warning", said, since, deployment.to);
  }
  if (now - since <= COMPARED_STALE_MS) return null;
  return alarm("warning", say("alarm.errorKindsUnknown", { to: deployment.to }), since, deployment.to);
}
