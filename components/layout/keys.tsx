"use client";
import { usePathname, useRouter } from "next/navigation";
import { useEffect, useMemo, useState } from "react";
import { useTranslations } from "#translations";
import { Dialog } from "@/components/ui/dialog.tsx";
import { chosenShortcuts, parseSettings, type ShortcutSettings, USUAL } from "@/components/ui/shortcut-settings.ts";
import { createShortcutReader, type Shortcut } from "@/components/ui/shortcuts.ts";
import { applicationOf } from "./application-path.ts";
import { KeySettings } from "./key-settings.tsx";
import { toggleTheme } from "./theme.ts";

const OPEN = "switchyard:keys";

/** Opens the list of keys from anywhere. */
export function openKeys(): void {
  document.dispatchEvent(new Event(OPEN));
}

/** The console's keys and the dialog that lists them. */
export function Keys() {
  const t = useTranslations("layout");
  const router = useRouter();
  const application = applicationOf(usePathname());
  const [isOpen, setOpen] = useState(false);
  const [settings, setSettings] = useState(USUAL);
  useEffect(() => setSettings(readSettings()), []);
  const shortcuts = useMemo<Shortcut[]>(() => {
    const go = (path: string) => () => router.push(path);
    const board = application ? `/${encodeURIComponent(application)}` : null;
    return [
      { keys: "?", label: t("keys.these"), run: () => setOpen(true) },
      { keys: "/", label: t("keys.filter"), run: focusFilter },
      { keys: "g o", label: t("keys.overview"), run: go("/") },
      ...(application !== null && board
        ? [
            { keys: "g b", label: t("keys.board", { application }), run: go(board) },
            { keys: "g n", label: t("keys.deploy"), run: go(`${board}/deploy`) },
            { keys: "g d", label: t("keys.deployments"), run: go(`${board}/deployments`) },
            { keys: "g l", label: t("keys.logs"), run: go(`${board}/logs`) },
          ]
        : []),
      { keys: "g a", label: t("keys.audit"), run: go("/audit") },
      { keys: "g t", label: t("keys.deliveries"), run: go("/deliveries") },
      { keys: "t", label: t("theme"), run: toggleTheme },
    ];
  }, [router, application, t]);

  useEffect(() => {
    const read = createShortcutReader();
    const onKey = (event: KeyboardEvent) => {
      const press = {
        key: event.key,
        isModified: event.ctrlKey || event.metaKey || event.altKey,
        isTyping: isTyping(event.target),
      };
      const shortcut = read(press, event.timeStamp, chosenShortcuts(shortcuts, settings));
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
  }, [shortcuts, settings]);
  const change = (next: ShortcutSettings) => {
    setSettings(next);
    keepSettings(next);
  };

  return (
    <Dialog isOpen={isOpen} onClose={() => setOpen(false)} title={t("keys")}>
      <KeySettings shortcuts={shortcuts} settings={settings} onChange={change} />
      <p className="pb-2 text-xs text-second">{t("keys.noSwitch")}</p>
    </Dialog>
  );
}

const PLACE = "switchyard:shortcuts";

function readSettings(): ShortcutSettings {
  try {
    return parseSettings(localStorage.getItem(PLACE));
  } catch {
    return USUAL;
  }
}

function keepSettings(settings: ShortcutSettings): void {
  try {
    localStorage.setItem(PLACE, JSON.stringify(settings));
  } catch {
    // A browser that keeps nothing forgets it with the page.
  }
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest("input, textarea, select, [contenteditable], dialog") !== null;
}

function focusFilter(): void {
  document.querySelector<HTMLInputElement>("[data-filter]")?.focus();
}
