import type { Handler, LogSink, SandboxBase } from "../service.ts";
import { createLogs, type LogsOptions, type SimulatedLogs } from "./create-logs.ts";

/** CloudWatch Logs of every Region of the account: a group of one is unknown in all others. */
export interface RegionalLogs extends SimulatedLogs {
  /** Those of one Region, which is there from the first use on. */
  in(region: string): SimulatedLogs;
}

/**
 * The world's own Region, and others as they are written to or asked: the Region that a call is signed for says which. `elsewhere`
 * is where a world of its own has the Region; null where none has.
 */
export function createRegionalLogs(
  base: SandboxBase,
  options: LogsOptions | undefined,
  elsewhere: (region: string) => LogSink | null = () => null,
): RegionalLogs {
  const own = createLogs(base, options);
  const others = new Map<string, SimulatedLogs>();
  const of = (region: string | undefined): SimulatedLogs => {
    if (region === undefined || region === base.place.region) return own;
    const known = others.get(region) ?? createLogs({ ...base, place: { ...base.place, region } }, options);
    others.set(region, known);
    return known;
  };
  const routed = Object.keys(own.service.operations).map((name): [string, Handler] => [
    name,
    (input, call) => of(call.region).service.operations[name]?.(input, call),
  ]);
  const all = () => [own, ...others.values()];
  return {
    ...own,
    service: { name: own.service.name, operations: Object.fromEntries(routed) },
    sink: {
      write(group, stream, events, region) {
        const there = region === undefined || region === base.place.region ? null : elsewhere(region);
        (there ?? of(region).sink).write(group, stream, events);
      },
    },
    in: of,
    async reset() {
      await Promise.all(all().map((logs) => logs.reset()));
      others.clear();
    },
    async close() {
      await Promise.all(all().map((logs) => logs.close()));
    },
  };
}
