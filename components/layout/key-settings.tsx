"use client";
import { useId, useState } from "react";
import { useSaid, useTranslations } from "#translations";
import { Button } from "@/components/ui/button.tsx";
import { findKeysProblem, parseKeys, type ShortcutSettings } from "@/components/ui/shortcut-settings.ts";
import type { Shortcut } from "@/components/ui/shortcuts.ts";

/** The console's keys: turned off all together, or each given others. */
export function KeySettings({
  shortcuts,
  settings,
  onChange,
}: {
  shortcuts: readonly Shortcut[];
  settings: ShortcutSettings;
  onChange: (settings: ShortcutSettings) => void;
}) {
  const t = useTranslations("layout");
  const { isOn, chosen } = settings;
  return (
    <div className="pb-2">
      <label className="mb-3 flex items-center gap-2">
        <input
          type="checkbox"
          checked={isOn}
          onChange={(event) => onChange({ isOn: event.target.checked, chosen })}
          className="size-4 accent-ink"
        />
        {t("keys.on")}
      </label>
      <ul className="flex flex-col gap-1.5">
        {shortcuts.map((shortcut) => (
          <KeyRow
            key={shortcut.keys}
            shortcut={shortcut}
            shortcuts={shortcuts}
            settings={settings}
            onChange={onChange}
          />
        ))}
      </ul>
      {Object.keys(chosen).length > 0 ? (
        <div className="mt-3">
          <Button size="small" onClick={() => onChange({ isOn, chosen: {} })}>
            {t("keys.usual")}
          </Button>
        </div>
      ) : null}
    </div>
  );
}

function KeyRow({
  shortcut,
  shortcuts,
  settings,
  onChange,
}: {
  shortcut: Shortcut;
  shortcuts: readonly Shortcut[];
  settings: ShortcutSettings;
  onChange: (settings: ShortcutSettings) => void;
}) {
  const t = useTranslations("layout");
  const said = useSaid();
  const id = useId();
  const keys = settings.chosen[shortcut.keys] ?? shortcut.keys;
  /** Null while nothing is being typed. */
  const [typed, setTyped] = useState<string | null>(null);
  const problem = typed === null ? null : findKeysProblem(shortcuts, settings, shortcut.keys, typed);
  const take = () => {
    const wanted = typed === null || problem ? null : parseKeys(typed);
    setTyped(null);
    if (wanted === null) return;
    const { [shortcut.keys]: _, ...rest } = settings.chosen;
    onChange({
      isOn: settings.isOn,
      chosen: wanted === shortcut.keys ? rest : { ...rest, [shortcut.keys]: wanted },
    });
  };
  return (
    <li className="flex flex-wrap items-center gap-x-3">
      <input
        aria-label={t("keys.for", { what: shortcut.label })}
        aria-describedby={problem ? id : undefined}
        aria-invalid={problem !== null}
        value={typed ?? keys}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={take}
        onKeyDown={(event) => event.key === "Enter" && take()}
        maxLength={5}
        spellCheck={false}
        autoComplete="off"
        autoCapitalize="off"
        className="field w-16 text-center font-mono text-xs"
      />
      <span className={settings.isOn ? "" : "text-second"}>{shortcut.label}</span>
      {problem ? (
        <p id={id} role="status" className="basis-full text-xs text-warning">
          {t("keys.stays", { problem: said(problem), keys })}
        </p>
      ) : null}
    </li>
  );
}
