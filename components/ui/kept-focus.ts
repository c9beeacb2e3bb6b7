"use client";
import { type RefObject, useEffect, useRef } from "react";

/** Where focus goes on the next page, told by the page that is left. */
let arrival = false;

/** The page that comes next takes the focus, because what had it stays behind. */
export function focusOnArrival(): void {
  arrival = true;
}

function isGone(element: Element): boolean {
  return !element.isConnected || !element.checkVisibility();
}

/**
 * Keeps focus in `area` when what had it there goes away, a button that was pressed for example: it goes to the first element
 * that matches one of `homes` and is seen. Focus that somebody moved elsewhere is left alone.
 */
export function useKeptFocus(area: RefObject<HTMLElement | null>, homes: readonly string[]): void {
  const last = useRef<Element | null>(null);
  useEffect(() => {
    const element = area.current;
    const remember = (event: FocusEvent) => {
      last.current = event.target instanceof Element ? event.target : null;
    };
    element?.addEventListener("focusin", remember);
    return () => element?.removeEventListener("focusin", remember);
  }, [area]);
  // After every drawing, because any may take away what has focus.
  useEffect(() => {
    const isLost = document.activeElement === document.body || document.activeElement === null;
    const isOwn = last.current !== null && isGone(last.current);
    if (!isLost || !(isOwn || arrival)) return;
    arrival = false;
    last.current = null;
    const home = homes.flatMap((each) => [...(area.current?.querySelectorAll<HTMLElement>(each) ?? [])]);
    home.find((each) => !isGone(each))?.focus({ preventScroll: true });
  });
}
