"use client";
import { usePathname, useRouter } from "next/navigation";
import { useEffect, useMemo, useState } from "react";
import { Dialog } from "@/components/ui/dialog.tsx";
import { createShortcutReader, type Shortcut } from "@/components/ui/shortcuts.ts";
import { applicationOf } from "./application-path.ts";
import { toggleTheme } from "./theme.ts";

const OPEN = "switchyard:keys";

/** Opens the list of keys from anywhere. */
export function openKeys(): void {
  document.dispatchEvent(new Event(OPEN));
}

/** The console's keys and the dialog that lists them. */
export function Keys() {
  const router = useRouter();
  const application = applicationOf(usePathname());
  const [isOpen, setOpen] = useState(false);
  const shortcuts = useMemo<Shortcut[]>(() => {
    const go = (path: string) => () => router.push(path);
    const board = application ? `/${encodeURIComponent(application)}` : null;
    return [
      { keys: "?", label: "These keys", run: () => setOpen(true) },
      { keys: "/", label: "To the filter", run: focusFilter },
      { keys: "g o", label: "Overview", run: go("/") },
      ...(board
        ? [
            { keys: "g b", label: `Board of ${application}`, run: go(board) },
            { keys: "g n", label: "Deploy a new version", run: go(`${board}/deploy`) },
            { keys: "g d", label: "Deployments", run: go(`${board}/deployments`) },
            { keys: "g l", label: "Logs", run: go(`${board}/logs`) },
          ]
        : []),
      { keys: "g a", label: "Audit", run: go("/audit") },
      { keys: "g t", label: "Deliveries of notifications", run: go("/deliveries") },
      { keys: "t", label: "Light or dark", run: toggleTheme },
    ];
  }, [router, application]);

  useEffect(() => {
    const read = createShortcutReader();
    const onKey = (event: KeyboardEvent) => {
      const press = {
        key: event.key,
        isModified: event.ctrlKey || event.metaKey || event.altKey,
        isTyping: isTyping(event.target),
      };
      const shortcut = read(press, event.timeStamp, shortcuts);
      if (!shortcut) return;
      event.preventDefault();
      shortcut.run();
    };
    const onOpen = () => setOpen(true);
    document.addEventListener("keydown", onKey);
    document.addEventListener(OPEN, onOpen);
    return () => {
      document.removeEventListener("keydown", onKey);
      document.removeEventListener(OPEN, onOpen);
    };
  }, [shortcuts]);

  return (
    <Dialog isOpen={isOpen} onClose={() => setOpen(false)} title="Keys">
      <dl className="grid grid-cols-[96px_1fr] gap-y-2 pb-2">
        {shortcuts.map((shortcut) => (
          <div key={shortcut.keys} className="contents">
            <dt className="flex gap-1">
              {shortcut.keys.split(" ").map((key) => (
                <kbd
                  key={key}
                  className="inline-flex h-6 min-w-6 items-center justify-center rounded-small border border-line bg-soft px-1.5 font-mono text-xs"
                >
                  {key}
                </kbd>
              ))}
            </dt>
            <dd>{shortcut.label}</dd>
          </div>
        ))}
      </dl>
      <p className="pb-2 text-xs text-second">Switching and rolling back have no key: both are clicks, on purpose.</p>
    </Dialog>
  );
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest("input, textarea, select, [contenteditable], dialog") !== null;
}

function focusFilter(): void {
  document.querySelector<HTMLInputElement>("[data-filter]")?.focus();
}
