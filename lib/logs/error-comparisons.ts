import type { LogReader } from "../aws/logs.ts";
import type { Application } from "../domain/application/application.ts";
import type { Deployment } from "../domain/deployment/deployment.ts";
import { logSourcesOf } from "../domain/log/log-settings.ts";
import { compareErrorKinds, type ErrorComparison, sidesOf } from "../domain/observation/error-kinds.ts";
import type { Observation } from "../domain/observation/observation.ts";
import { requestMatcher } from "../domain/observation/request-line.ts";
import { otherColor, type SlotColor } from "../domain/observation/slot.ts";
import { streamsOfApplication, type TaskObserver } from "./application-streams.ts";
import { healthChecksOf } from "./log-evidence.ts";
import { readLogPage } from "./log-pages.ts";

/** What the new side writes that the old one does not. */
export interface ErrorComparisons {
  /** Over the last quarter of an hour; asked again within half a minute, it answers the same. Throws where AWS does not answer. */
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
}): ErrorComparisons {
  const kept = new Map<string, { key: string; at: number; found: Promise<ErrorComparison> }>();

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
      const found = read(application, look, newest);
      kept.set(application.name, { key, at: deps.now(), found });
      found.catch(() => kept.delete(application.name));
      return found;
    },
  };
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
