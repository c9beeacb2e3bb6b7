/**
 * Calls `left` when the page is left, since a browser may keep it as it is and show it again, and `shown` when it does. What
 * holds a connection lets go of it: a page with an open one is not kept. The answer stops listening.
 */
export function onPageKept({ left, shown }: { left: () => void; shown: () => void }): () => void {
  const again = (event: PageTransitionEvent) => {
    if (event.persisted) shown();
  };
  addEventListener("pagehide", left);
  addEventListener("pageshow", again);
  return () => {
    removeEventListener("pagehide", left);
    removeEventListener("pageshow", again);
  };
}
