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

/** Reads a page that was kept and is shown again anew where nothing of it follows what it shows, so that it tells nothing of before. */
export function FreshWhenShown() {
  useEffect(() => {
    const shown = (event: PageTransitionEvent) => {
      if (event.persisted && followers === 0) location.reload();
    };
    addEventListener("pageshow", shown);
    return () => removeEventListener("pageshow", shown);
  }, []);
  return null;
}
