"use client";
import { useEffect, useReducer, useState } from "react";
import { onPageKept } from "@/components/live/kept-page.ts";
import { useSnapshot } from "@/components/live/live-provider.tsx";
import type { StreamSource } from "@/components/live/live-store.ts";
import { onSessionEnded } from "@/components/live/session-end.ts";
import { say } from "@/lib/domain/sentence/sentence.ts";
import { type LogRefusal, LogStore } from "./log-store.ts";
import { deploymentMarkers, taskMarkers } from "./switch-markers.ts";

/** So long an answer is waited for that may be held back on its way. */
const ANSWER_MS = 15_000;

function logsUrl(application: string, since: number | null, isBrief: boolean): string {
  const query = new URLSearchParams({
    slot: "both",
    ...(since === null ? {} : { since: String(since) }),
    ...(isBrief ? { briefly: "1" } : {}),
  });
  return `/api/v1/applications/${encodeURIComponent(application)}/logs?${query}`;
}

/** One application's log in this tab, connected while the component is on the page. */
export function useLogStore(application: string): LogStore {
  const [store] = useState(
    () =>
      new LogStore({
        open: (since, isBrief) => new EventSource(logsUrl(application, since, isBrief)) as unknown as StreamSource,
        findRefusal: () => findRefusal(logsUrl(application, null, true)),
        setTimer: (run, ms) => setTimeout(run, ms),
        now: () => Date.now(),
        clearTimer: (timer) => clearTimeout(timer as ReturnType<typeof setTimeout>),
      }),
  );
  useEffect(() => {
    const seen = () => store.setHidden(document.visibilityState === "hidden");
    const forgetPage = onPageKept({ left: () => store.leave(), shown: seen });
    document.addEventListener("visibilitychange", seen);
    const stopListening = onSessionEnded(() => store.endSession());
    store.start();
    return () => {
      document.removeEventListener("visibilitychange", seen);
      forgetPage();
      stopListening();
      store.stop();
    };
  }, [store]);
  return store;
}

async function findRefusal(url: string): Promise<LogRefusal | null> {
  const giveUp = new AbortController();
  try {
    const signal = AbortSignal.any([giveUp.signal, AbortSignal.timeout(ANSWER_MS)]);
    const response = await fetch(url, { cache: "no-store", signal });
    if (response.ok) return null;
    const problem = (await response.json().catch(() => ({}))) as { detail?: string };
    const message = problem.detail ?? say("logs.serverAnswered", { status: response.status });
    return { isSignedOut: response.status === 401, message };
  } catch {
    return null;
  } finally {
    // Only the answer's head is of interest: an accepted request would stream for ever.
    giveUp.abort();
  }
}

/** Puts a mark into the log wherever traffic moved, and where a task began or ended. Draws nothing itself, whatever comes. */
export function LogMarkers({ application, store }: { application: string; store: LogStore }): null {
  const { deployment, lastDeployment, slots } = useSnapshot(application);
  useEffect(() => {
    for (const each of [lastDeployment, deployment])
      if (each) for (const marker of deploymentMarkers(each)) store.mark(marker.id, marker.at, marker.text);
  }, [store, deployment, lastDeployment]);
  useEffect(() => {
    for (const marker of taskMarkers(slots)) store.mark(marker.id, marker.at, marker.text);
  }, [store, slots]);
  return null;
}

/** Draws the component again after every batch and every change of status. */
export function useLogChanges(store: LogStore): void {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  useEffect(() => store.subscribe(redraw), [store]);
}
