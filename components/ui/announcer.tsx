"use client";
import { useEffect, useState } from "react";

type Listener = (message: string) => void;
const listeners = new Set<Listener>();

/** Says something to readers of the page without moving focus. */
export function announce(message: string): void {
  for (const listener of listeners) listener(message);
}

/** A polite live region, one of the page and one of each open dialog; messages that come together are read together. */
export function Announcer() {
  const [text, setText] = useState("");
  useEffect(() => {
    let pending: string[] = [];
    let timer: ReturnType<typeof setTimeout> | null = null;
    const listener: Listener = (message) => {
      pending.push(message);
      timer ??= setTimeout(() => {
        setText(pending.slice(-4).join(". "));
        pending = [];
        timer = null;
      }, 400);
    };
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
      if (timer) clearTimeout(timer);
    };
  }, []);
  return (
    <div role="status" aria-live="polite" className="sr-only">
      {text}
    </div>
  );
}
