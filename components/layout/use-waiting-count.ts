"use client";
import { useEffect, useState } from "react";

const EVERY_MS = 10_000;

/** How much waits for this person; null until known. Asked again on every page and while the tab is seen. */
export function useWaitingCount(pathname: string): number | null {
  const [count, setCount] = useState<number | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another page asks at once, because something may have been decided on the one before.
  useEffect(() => {
    const giveUp = new AbortController();
    const ask = () => {
      if (document.visibilityState === "hidden") return;
      void readCount(giveUp.signal).then((found) => found !== null && !giveUp.signal.aborted && setCount(found));
    };
    ask();
    const timer = setInterval(ask, EVERY_MS);
    document.addEventListener("visibilitychange", ask);
    return () => {
      giveUp.abort();
      clearInterval(timer);
      document.removeEventListener("visibilitychange", ask);
    };
  }, [pathname]);
  return count;
}

/** Null when it cannot be told: the last known number stays. */
async function readCount(signal: AbortSignal): Promise<number | null> {
  try {
    const response = await fetch("/api/v1/waits?count", { cache: "no-store", signal });
    if (!response.ok) return null;
    const { yours } = (await response.json()) as { yours?: unknown };
    return typeof yours === "number" ? yours : null;
  } catch {
    return null;
  }
}
