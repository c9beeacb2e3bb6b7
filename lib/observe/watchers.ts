import type { Observation } from "../domain/observation/observation.ts";
import type { Attention } from "./polling-interval.ts";

export type ObservationListener = (observation: Observation) => void;

/** Who looks at which application, and what needs to be looked at, whoever looks. */
export interface Watchers {
  /** Answers how to end it. A passive listener is told and makes looking no faster. */
  subscribe(name: string, listener: ObservationListener, isPassive: boolean): () => void;
  /** Whether somebody looks at this application, or at the list of all ("*"). */
  isWatched(name: string): boolean;
  setInFlight(name: string, isInFlight: boolean): void;
  isInFlight(name: string): boolean;
  attentionOf(name: string): Attention;
  /** Tells everybody who listens to this application or to all; a listener's failure is the others' no concern. */
  tell(observation: Observation): void;
}

/** Keeps them in this process. */
export function createWatchers(onError: (error: unknown) => void): Watchers {
  const listeners = new Map<string, Set<{ listener: ObservationListener; isPassive: boolean }>>();
  const inFlight = new Set<string>();
  const isWatched = (name: string) => [...(listeners.get(name) ?? [])].some(({ isPassive }) => !isPassive);

  return {
    subscribe(name, listener, isPassive) {
      const entry = { listener, isPassive };
      const entries = listeners.get(name) ?? new Set();
      listeners.set(name, entries.add(entry));
      return () => {
        entries.delete(entry);
      };
    },
    isWatched,
    setInFlight(name, isInFlight) {
      if (isInFlight) inFlight.add(name);
      else inFlight.delete(name);
    },
    isInFlight: (name) => inFlight.has(name),
    attentionOf(name) {
      if (inFlight.has(name) || isWatched(name)) return "focus";
      return isWatched("*") ? "overview" : "idle";
    },
    tell(observation) {
      for (const key of [observation.application, "*"])
        for (const { listener } of [...(listeners.get(key) ?? [])])
          try {
            listener(observation);
          } catch (error) {
            onError(error);
          }
    },
  };
}
