import type { LogReader } from "../aws/logs.ts";
import type { Application } from "../domain/application/application.ts";
import { logSourcesOf } from "../domain/log/log-settings.ts";
import type { LogLine } from "../domain/observation/log-line.ts";
import type { Observation } from "../domain/observation/observation.ts";
import { SLOT_COLORS } from "../domain/observation/slot.ts";
import { streamsOfApplication, type TaskObserver } from "./application-streams.ts";
import { readLogPage } from "./log-pages.ts";

/** Lines of both sides before a moment. */
export interface LinesAround {
  /** The newest of each side up to then (epoch ms), `count` of each at most, oldest first; none before `from`. */
  before(
    application: Application,
    look: Observation,
    span: { from: number; to: number },
    count: number,
  ): Promise<LogLine[]>;
}

/** Longer than any of its reads should take. */
const GIVE_UP_MS = 30_000;

/** Read from the log groups that the application has. */
export function createLinesAround(reader: LogReader, observer: TaskObserver): LinesAround {
  return {
    async before(application, look, { from, to }, count) {
      const request = {
        application,
        sources: logSourcesOf(application, look.slots),
        streams: streamsOfApplication(observer, application.name),
        from,
        to,
        direction: "older" as const,
        filter: "",
        limit: count,
        signal: AbortSignal.timeout(GIVE_UP_MS),
      };
      const pages = await Promise.all(SLOT_COLORS.map((slots) => readLogPage(reader, { ...request, slots })));
      // A line whose side is unknown comes with both.
      const lines = new Map(pages.flatMap((page) => page.lines).map((line) => [line.id, line]));
      return [...lines.values()].sort((a, b) => a.at - b.at);
    },
  };
}
