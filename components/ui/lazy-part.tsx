"use client";
import { type ComponentType, useEffect, useSyncExternalStore } from "react";
import { useTranslations } from "#translations";
import { Button } from "./button.tsx";
import { Notice, Skeleton } from "./notice.tsx";

type Loading<P> = { state: "waiting" | "failed" } | { state: "ready"; Part: ComponentType<P> };

/** A part of a page whose code is no part of the first load. */
export interface LazyPart<P extends object> {
  /** Draws it; until its code is there a grey block of these class names, or why there is none and a way to ask again. */
  Part: ComponentType<P & { waitingLook?: string }>;
  /** Asks for its code unless it is there or under way. */
  load: () => Promise<void>;
}

const WAITING = { state: "waiting" } as const;

/** `load` asks for the code, such as `() => import("./x.tsx").then(({ X }) => X)`; one that failed is asked for again on demand. */
export function lazyPart<P extends object>(load: () => Promise<ComponentType<P>>): LazyPart<P> {
  const listeners = new Set<() => void>();
  let now: Loading<P> = WAITING;
  let underWay: Promise<void> | null = null;
  const become = (next: Loading<P>) => {
    now = next;
    underWay = null;
    for (const listener of listeners) listener();
  };
  const ask = (): Promise<void> => {
    if (now.state === "ready") return Promise.resolve();
    if (now.state === "failed") become(WAITING);
    underWay ??= load().then(
      (Part) => become({ state: "ready", Part }),
      () => become({ state: "failed" }),
    );
    return underWay;
  };
  const subscribe = (listener: () => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  return {
    load: ask,
    Part({ waitingLook = "h-24", ...props }) {
      const shown = useSyncExternalStore(
        subscribe,
        () => now,
        () => WAITING,
      );
      // biome-ignore lint/correctness/useExhaustiveDependencies: there is one of a part, whatever is drawn
      useEffect(() => {
        void ask();
      }, []);
      // Safe because the rest of the props is P.
      if (shown.state === "ready") return <shown.Part {...(props as unknown as P)} />;
      return shown.state === "failed" ? <NotLoaded onAgain={ask} /> : <Skeleton className={waitingLook} />;
    },
  };
}

function NotLoaded({ onAgain }: { onAgain: () => Promise<void> }) {
  const t = useTranslations("ui");
  return (
    <Notice tone="warning" compact title={t("notLoaded")}>
      <Button size="small" onClick={() => void onAgain()}>
        {t("loadAgain")}
      </Button>
    </Notice>
  );
}

/** What whoever is about to press something does first. */
const SIGNS = ["pointermove", "pointerdown", "focusin", "keydown"] as const;
/** A busy page asks all the same after this long. */
const LATEST_MS = 3000;
/** Where the browser does not say when it is idle. */
const QUIET_MS = 500;

/**
 * Asks for the parts once the page has loaded and nothing else is to do, or somebody stirs before: no click waits for them, and they
 * are there when the network is gone.
 */
export function useLoadedWhenIdle(parts: readonly { load: () => Promise<void> }[]): void {
  useEffect(() => {
    const over = new AbortController();
    const { signal } = over;
    const ask = () => {
      over.abort();
      for (const part of parts) void part.load();
    };
    const whenIdle = () => {
      if (signal.aborted) return;
      const hasIdle = "requestIdleCallback" in window;
      const timer = hasIdle ? requestIdleCallback(ask, { timeout: LATEST_MS }) : window.setTimeout(ask, QUIET_MS);
      signal.addEventListener("abort", () => (hasIdle ? cancelIdleCallback(timer) : window.clearTimeout(timer)));
    };
    for (const sign of SIGNS) addEventListener(sign, ask, { signal, passive: true });
    if (document.readyState === "complete") whenIdle();
    else addEventListener("load", whenIdle, { signal });
    return () => over.abort();
  }, [parts]);
}
