"use client";
import { useEffect, useReducer, useState } from "react";
import type { StreamSource } from "@/components/live/live-store.ts";
import type { ApplicationSnapshot } from "@/lib/domain/snapshot.ts";
import { LogStore } from "./log-store.ts";
import { switchMarkers } from "./switch-markers.ts";

/** One application's log in this tab, connected while the component is on the page. */
export function useLogStore(application: string): LogStore {
  const [store] = useState(
    () =>
      new LogStore({
        open: (since) => {
          const query = new URLSearchParams({ slot: "both", ...(since === null ? {} : { since: String(since) }) });
          return new EventSource(
            `/api/v1/applications/${encodeURIComponent(application)}/logs?${query}`,
          ) as unknown as StreamSource;
        },
        isSignedOut,
        setTimer: (run, ms) => setTimeout(run, ms),
        clearTimer: (timer) => clearTimeout(timer as ReturnType<typeof setTimeout>),
      }),
  );
  useEffect(() => {
    const seen = () => store.setHidden(document.visibilityState === "hidden");
    document.addEventListener("visibilitychange", seen);
    store.start();
    return () => {
      document.removeEventListener("visibilitychange", seen);
      store.stop();
    };
  }, [store]);
  return store;
}

async function isSignedOut(): Promise<boolean> {
  try {
    const response = await fetch("/api/auth/session", { cache: "no-store" });
    if (!response.ok) return false;
    const session: unknown = await response.json();
    return session === null || (typeof session === "object" && Object.keys(session).length === 0);
  } catch {
    return false;
  }
}

/** Puts a mark into the log wherever traffic moved. */
export function useLogMarkers(store: LogStore, snapshot: ApplicationSnapshot): void {
  const { deployment, lastDeployment } = snapshot;
  useEffect(() => {
    for (const each of [lastDeployment, deployment])
      if (each) for (const marker of switchMarkers(each)) store.mark(marker.id, marker.at, marker.text);
  }, [store, deployment, lastDeployment]);
}

/** Draws the component again after every batch and every change of status. */
export function useLogChanges(store: LogStore): void {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  useEffect(() => store.subscribe(redraw), [store]);
}
