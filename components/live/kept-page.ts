"use client";
import { useEffect } from "react";

/** How much of the page follows by itself what it shows. */
let followers = 0;

/**
 * Calls `left` when the page is left, since a browser may keep it as it is and show it again, and `shown` when it does. What
 * holds a connection lets go of it: a page with an open one is not kept. The answer stops listening.
 */
export function onPageKept({ left, shown }: { left: () => void; shown: () => void }): () => void {
  followers += 1;
  const again = (event: PageTransitionEvent) => {
    if (event.persisted) shown();
  };
  addEventListener("pagehide", left);
  addEventListener("pageshow", again);
  return () => {
    followers -= 1;
    removeEventListener("pagehide", left);
    removeEventListener("pageshow", again);
  };
}

/** Whether somebody went back to the text of then, out of the browser's cache: it says an old time as if it were now's. */
function isTextOfThen(): boolean {
  const [navigation] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  return navigation?.type === "back_forward" && navigation.transferSize === 0;
}

/**
 * Reads a page anew that somebody went back to: one that was kept as it was and follows nothing of what it shows, and any that is
 * made from the text of then. So no page tells what was before as what is.
 */
export function FreshWhenShown() {
  useEffect(() => {
    if (isTextOfThen()) location.reload();
    const shown = (event: PageTransitionEvent) => {
      if (event.persisted && followers === 0) location.reload();
    };
    addEventListener("pageshow", shown);
    return () => removeEventListener("pageshow", shown);
  }, []);
  return null;
}
