"use client";
import { useRouter } from "next/navigation";
import { createContext, type ReactNode, useContext, useEffect, useState, useSyncExternalStore } from "react";
import { useSaid, useTranslations } from "#translations";
import { announce } from "@/components/ui/announcer.tsx";
import type { ApplicationSnapshot } from "@/lib/domain/snapshot/snapshot.ts";
import { type ApplicationSummary, isWhole } from "@/lib/domain/snapshot/summary.ts";
import { describeChanges } from "./describe-changes.ts";
import { onPageKept } from "./kept-page.ts";
import { createLiveStore, type LiveState, type LiveStore, type StreamSource } from "./live-store.ts";
import { isSignedOut, onSessionEnded } from "./session-end.ts";

const LiveContext = createContext<LiveStore | null>(null);

/** Opens the tab's one stream for what the page shows and gives its snapshots to everything below. */
export function LiveProvider({
  url,
  initial,
  children,
}: {
  url: string;
  initial: readonly ApplicationSummary[];
  children: ReactNode;
}) {
  const t = useTranslations("live");
  const said = useSaid();
  const router = useRouter();
  const [store] = useState(() =>
    createLiveStore(initial, {
      open: (isBrief) => new EventSource(isBrief ? briefly(url) : url) as unknown as StreamSource,
      isSignedOut,
      accessChanged: () => router.refresh(),
      now: () => Date.now(),
      setTimer: (run, ms) => setTimeout(run, ms),
      clearTimer: (timer) => clearTimeout(timer as ReturnType<typeof setTimeout>),
    }),
  );
  useEffect(() => {
    let before = store.getState().snapshots;
    let hadTrouble = false;
    const unsubscribe = store.subscribe(() => {
      const { snapshots: after, stream } = store.getState();
      const hasTrouble = stream === "lost" || stream === "signed-out";
      if (hasTrouble !== hadTrouble && (hasTrouble || stream === "live"))
        announce(hasTrouble ? t("stale") : t("freshAgain"));
      if (hasTrouble || stream === "live") hadTrouble = hasTrouble;
      if (after === before) return;
      for (const [name, snapshot] of Object.entries(after)) {
        const old = before[name];
        if (old && old !== snapshot) for (const change of describeChanges(old, snapshot)) announce(said(change));
      }
      before = after;
    });
    const look = (whenOut: () => void) => {
      const isHidden = document.visibilityState === "hidden";
      store.setHidden(isHidden);
      if (!isHidden) void isSignedOut().then((isOut) => isOut && whenOut());
    };
    const seen = () => look(() => store.endSession());
    // To the sign-in page: whoever went back need not be who was signed in.
    const shown = () => look(() => location.reload());
    const stopListening = onSessionEnded(() => store.endSession());
    const forgetPage = onPageKept({ left: () => store.leave(), shown });
    document.addEventListener("visibilitychange", seen);
    store.start();
    return () => {
      document.removeEventListener("visibilitychange", seen);
      forgetPage();
      stopListening();
      unsubscribe();
      store.stop();
    };
  }, [store, t, said]);
  return <LiveContext value={store}>{children}</LiveContext>;
}

const briefly = (url: string) => `${url}${url.includes("?") ? "&" : "?"}briefly=1`;

function useStore(): LiveStore {
  const store = useContext(LiveContext);
  if (!store) throw new Error("This component belongs inside a LiveProvider");
  return store;
}

/** One part of the live state; drawn again only when that part changes. */
export function useLive<T>(select: (state: LiveState) => T): T {
  const store = useStore();
  return useSyncExternalStore(
    store.subscribe,
    () => select(store.getState()),
    () => select(store.getInitialState()),
  );
}

/** The newest snapshot of one application; null where the page follows it not at all, or in a list. */
export function useWhole(name: string): ApplicationSnapshot | null {
  return useLive((state) => wholeOf(state, name));
}

/** The same; the layout above has made sure that there is one. */
export function useSnapshot(name: string): ApplicationSnapshot {
  return useSelected(name, (snapshot) => snapshot);
}

/** One part of it; drawn again only when that changes. */
export function useSelected<T>(name: string, select: (snapshot: ApplicationSnapshot) => T): T {
  return useLive((state) => {
    const snapshot = wholeOf(state, name);
    if (!snapshot) throw new Error(`No snapshot of ${name}`);
    return select(snapshot);
  });
}

function wholeOf({ snapshots }: LiveState, name: string): ApplicationSnapshot | null {
  const known = snapshots[name];
  return known && isWhole(known) ? known : null;
}
