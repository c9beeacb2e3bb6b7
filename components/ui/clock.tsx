"use client";
import { createContext, type ReactNode, useContext, useState, useSyncExternalStore } from "react";
import type { Zone } from "./format-time.ts";

/** Beyond this the browser's clock is wrong rather than the network slow. */
const SKEW_MS = 5_000;
const TICK_MS = 250;

interface Clock {
  serverNow: number;
  /** Added to the browser's clock so that ages are the server's. */
  offsetMs: number;
}

const ClockContext = createContext<Clock>({ serverNow: 0, offsetMs: 0 });
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | null = null;

function tick(): void {
  if (document.visibilityState === "visible") for (const each of listeners) each();
}

/** One interval for every ticking thing on the page; it runs only while something ticks. A page that is seen again ticks at once. */
function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (timer === null) {
    timer = setInterval(tick, TICK_MS);
    document.addEventListener("visibilitychange", tick);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0 && timer !== null) {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", tick);
      timer = null;
    }
  };
}

/** Gives the page the server's time, so that the first paint and hydration agree and a wrong clock does no harm. */
export function ClockProvider({ serverNow, children }: { serverNow: number; children: ReactNode }) {
  const [clock] = useState<Clock>(() => {
    const offset = serverNow - Date.now();
    return { serverNow, offsetMs: Math.abs(offset) > SKEW_MS ? offset : 0 };
  });
  return <ClockContext value={clock}>{children}</ClockContext>;
}

/** The server's time as best known, in steps: a component is drawn again only when the step changes. */
export function useNow(stepMs = 500): number {
  const { serverNow, offsetMs } = useContext(ClockContext);
  const floor = (at: number) => Math.floor(at / stepMs) * stepMs;
  return useSyncExternalStore(
    subscribe,
    () => floor(Date.now() + offsetMs),
    () => floor(serverNow),
  );
}

const never = () => () => {};

/** False on the server and while hydrating, true ever after. */
export function useIsHydrated(): boolean {
  return useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
}

/** The zone to write times in: UTC until hydration is over, then the reader's own (undefined). */
export function useTimeZone(): Zone {
  return useIsHydrated() ? undefined : "UTC";
}
