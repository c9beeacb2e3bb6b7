import { AwsFailure, failureSaid } from "../aws/errors.ts";
import type { LogReader } from "../aws/logs.ts";
import type { Application } from "../domain/application/application.ts";
import type { Deployment } from "../domain/deployment/deployment.ts";
import { firstShiftAt } from "../domain/deployment/shift-steps.ts";
import { logSourcesOf } from "../domain/log/log-settings.ts";
import type { ComparedErrors } from "../domain/observation/compared-errors.ts";
import { compareErrorKinds, type ErrorComparison, sidesOf } from "../domain/observation/error-kinds.ts";
import type { Observation } from "../domain/observation/observation.ts";
import { requestMatcher } from "../domain/observation/request-line.ts";
import { otherColor, type SlotColor } from "../domain/observation/slot.ts";
import { type Sentence, say } from "../domain/sentence/sentence.ts";
import { streamsOfApplication, type TaskObserver } from "./application-streams.ts";
import { healthChecksOf } from "./log-evidence.ts";
import { readLogPage } from "./log-pages.ts";

/** What the new side writes that the old one does not. */
export interface ErrorComparisons {
  /**
   * Over the last quarter of an hour; asked again within half a minute, it answers the same, also that AWS does not answer,
   * which is thrown.
   */
  compare(application: Application, look: Observation, newest: Deployment | null): Promise<ErrorComparison>;
}

const SPAN_MS = 15 * 60_000;
const KEPT_MS = 30_000;
const GIVE_UP_MS = 20_000;
/** Lines of each side, the newest: two pages of the log at most. */
const LINES = 1000;

/** One a process. */
export function createErrorComparisons(deps: {
  reader: LogReader;
  observer: TaskObserver;
  now(): number;
  /** Told of what came of every reading. */
  told?(application: string, compared: ComparedErrors): void;
}): ErrorComparisons {
  const kept = new Map<string, Kept>();

  async function read(
    application: Application,
    look: Observation,
    newest: Deployment | null,
  ): Promise<ErrorComparison> {
    const now = deps.now();
    const color = newSideOf(look, newest);
    const page = (slots: SlotColor, { from, to }: { from: number; to: number }) =>
      readLogPage(deps.reader, {
        application,
        sources: logSourcesOf(application, look.slots),
        streams: streamsOfApplication(deps.observer, application.name),
        from,
        to,
        direction: "older",
        slots,
        filter: "",
        limit: LINES,
        signal: AbortSignal.timeout(GIVE_UP_MS),
      });
    const pages = await Promise.all([
      page(color, { from: Math.max(now - SPAN_MS, newest?.startedAt ?? 0), to: now }),
      page(otherColor(color), oldSpan(newest, now)),
    ]);
    const matches = application.requestLine
      ? requestMatcher(application.requestLine, healthChecksOf(application, look))
      : null;
    // A line of an unknown side comes with both, and belongs to neither.
    const lines = pages.flatMap(({ lines: each }) => each);
    return compareErrorKinds(sidesOf(lines, matches && ((text) => matches(text) !== null)), color);
  }

  return {
    compare(application, look, newest) {
      const key = `${newest?.id} ${newest?.stage} ${newest?.status}`;
      const known = kept.get(application.name);
      if (known?.key === key && deps.now() - known.at < KEPT_MS) return known.found;
      const at = deps.now();
      const next: Kept = { key, at, ...lookOf(known, newest, at), found: read(application, look, newest) };
      kept.set(application.name, next);
      const tell = (found: ErrorComparison | null, why: Sentence | null) => {
        if (kept.get(application.name) === next)
          deps.told?.(application.name, { at, about: newest?.id ?? null, look: next.look, found, why });
      };
      next.found.then(
        (found) => tell(found, null),
        (error: unknown) => tell(null, whySaid(error)),
      );
      return next.found;
    },
  };
}

/** A reading, and which one it is since `since`: counted, and by the clock as well, so that a new process goes on counting. */
interface Kept {
  key: string;
  at: number;
  since: string;
  look: number;
  found: Promise<ErrorComparison>;
}

function lookOf(known: Kept | undefined, newest: Deployment | null, at: number): Pick<Kept, "since" | "look"> {
  const began = (newest && firstShiftAt(newest)) ?? newest?.startedAt ?? at;
  const since = `${newest?.id} ${began}`;
  const byClock = 1 + Math.floor(Math.max(0, at - began) / KEPT_MS);
  return { since, look: Math.max(byClock, known?.since === since ? known.look + 1 : 1) };
}

function whySaid(error: unknown): Sentence {
  return error instanceof AwsFailure ? failureSaid(error) : say("awsError.silent", { seconds: GIVE_UP_MS / 1000 });
}

/** The side that the newest deployment is about; where there was none, the one that has no traffic. */
function newSideOf(look: Observation, newest: Deployment | null): SlotColor {
  if (newest) return newest.to;
  return look.traffic.live === "green" ? "blue" : "green";
}

/** The old side is heard while it had its traffic: before the switch where there was one, and as long. */
function oldSpan(newest: Deployment | null, now: number): { from: number; to: number } {
  const shift = newest?.stages.find(({ stage }) => stage === "PRODUCTION_TRAFFIC_SHIFT");
  const switchedAt = shift?.status === "SUCCEEDED" ? (shift.finishedAt ?? shift.startedAt) : null;
  const to = switchedAt ?? now;
  return { from: to - SPAN_MS, to };
}
