import type { Observation } from "../domain/observation/observation.ts";
import { createSlotStreams, type SlotStreams } from "./slot-streams.ts";

/** Who knows the tasks of all applications. */
export interface TaskObserver {
  observation(name: string): Observation | null;
  applications(): readonly { name: string; cluster?: string }[];
}

const known = new WeakMap<object, Map<string, SlotStreams>>();

/** One a process and application, so that a task that is gone is still known to every later viewer. */
export function streamsOfApplication(observer: TaskObserver, name: string): SlotStreams {
  const byName = known.get(observer) ?? new Map<string, SlotStreams>();
  known.set(observer, byName);
  const others = () =>
    observer
      .applications()
      .filter((other) => other.name !== name)
      .map((other) => streamsOfApplication(observer, other.name));
  const names = () => {
    const sides = observer.observation(name)?.slots;
    const cluster = observer.applications().find((each) => each.name === name)?.cluster;
    return sides && cluster !== undefined ? { cluster, sides } : null;
  };
  const streams = byName.get(name) ?? createSlotStreams(() => observer.observation(name)?.slots ?? null, others, names);
  byName.set(name, streams);
  return streams;
}
