"use client";
import { type ReactNode, useSyncExternalStore } from "react";
import { createPortal } from "react-dom";

/** Places of the open dialogs where the page's own news goes, the topmost last. */
let places: readonly HTMLElement[] = [];
const listeners = new Set<() => void>();

function set(next: readonly HTMLElement[]): void {
  places = next;
  for (const listener of listeners) listener();
}

/** From now on news stands at `place` in an open dialog; what is returned takes it away again. */
export function openPlace(place: HTMLElement): () => void {
  set([...places, place]);
  return () => set(places.filter((each) => each !== place));
}

/** Where the topmost open dialog shows the page's news; null while none is open. */
function useTopPlace(): HTMLElement | null {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => places.at(-1) ?? null,
    () => null,
  );
}

/** What must be seen and reached at once: an open dialog makes the page behind it inert, so it stands inside the dialog then. */
export function InFront({ children, behind }: { children: ReactNode; behind: ReactNode }) {
  const place = useTopPlace();
  return place ? createPortal(children, place) : behind;
}
