import { nameSaid } from "../access/person-name.ts";
import { type Sentence, say } from "../sentence/sentence.ts";
import { oneLine } from "../text/one-line.ts";
import { utcMinute } from "../text/utc-minute.ts";
import type { Blocker } from "../verb/blocker.ts";
import { blocker } from "../verb/say-blocker.ts";

/** Deployments are frozen: no deploy, switch or approval until it ends; rollback and abort stay possible. Times are epoch ms. */
export interface Freeze {
  id: string;
  /** Null means every application. */
  application: string | null;
  reason: string;
  startedBy: string;
  startedAt: number;
  /** Null until somebody lifts it. */
  until: number | null;
  /** Null while nobody has lifted it. */
  liftedAt: number | null;
  liftedBy: string | null;
}

/** Whether it stops the line at this time. */
function isInForce(freeze: Freeze, now: number): boolean {
  return freeze.liftedAt === null && freeze.startedAt <= now && (freeze.until === null || now < freeze.until);
}

/** The freeze that stops this application longest; null when its line runs. */
export function findFreeze(freezes: readonly Freeze[] | undefined, application: string, now: number): Freeze | null {
  const inForce = (freezes ?? []).filter(
    (freeze) => isInForce(freeze, now) && (freeze.application === null || freeze.application === application),
  );
  return (
    inForce.sort((a, b) => (b.until ?? Number.POSITIVE_INFINITY) - (a.until ?? Number.POSITIVE_INFINITY))[0] ?? null
  );
}

/** "Deployments are frozen by Kim until 2026-03-01 03:10 UTC: audit week", with the scope where it is every application's. */
export function freezeSaid({ application, reason, startedBy, until }: Freeze): Sentence {
  const what = { scope: application === null ? "every" : "one", by: nameSaid(startedBy), reason: oneLine(reason) };
  return until === null
    ? say("freeze.stopped", what)
    : say("freeze.stoppedUntil", { ...what, until: utcMinute(until) });
}

/** The refusal of everything that moves forward. */
export function freezeBlocker(freeze: Freeze): Blocker {
  return blocker("FROZEN", freezeSaid(freeze), say("freeze.waitOrLift"));
}
