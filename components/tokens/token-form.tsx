"use client";
import { type FormEvent, type ReactNode, useId, useRef, useState } from "react";
import { useTranslations } from "#translations";
import { Button } from "@/components/ui/button.tsx";
import { EVERY_APPLICATION } from "@/lib/domain/access/api-token.ts";
import { VERBS } from "@/lib/domain/verb/verb.ts";
import type { TokenChoice } from "./token-actions.ts";

const DAY_MS = 24 * 60 * 60_000;
const ENDS = [1, 30, 90, 365];

/** What the new token is called, what it may do, on what, and for how long; nothing of it can be changed later. */
export function TokenForm({
  applications,
  mayBeForAll,
  onCreate,
}: {
  applications: readonly string[];
  mayBeForAll: boolean;
  /** Whether it was made. */
  onCreate: (choice: TokenChoice) => Promise<boolean>;
}) {
  const t = useTranslations("tokens");
  const form = useRef<HTMLFormElement>(null);
  const nameId = useId();
  const endId = useId();
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const sent = new FormData(event.currentTarget);
    const chosen = sent.getAll("applications").map(String);
    if (isBusy) return;
    if (chosen.length === 0) return setProblem(t("chooseOne"));
    setProblem(null);
    setBusy(true);
    const isMade = await onCreate({
      name: String(sent.get("name") ?? ""),
      verbs: VERBS.filter((verb) => sent.getAll("verbs").includes(verb)),
      applications: chosen,
      expiresAt: Date.now() + Number(sent.get("days")) * DAY_MS,
    });
    setBusy(false);
    if (isMade) form.current?.reset();
  };

  return (
    <form
      ref={form}
      aria-label={t("new")}
      onSubmit={(event) => void submit(event)}
      className="card flex flex-col gap-3 p-4"
    >
      <h2 className="text-base font-semibold">{t("new")}</h2>
      <div>
        <label htmlFor={nameId} className="mb-1 block text-xs text-second">
          {t("name")}
        </label>
        <input id={nameId} name="name" required maxLength={80} autoComplete="off" className="field w-full" />
      </div>
      <Group legend={t("verbs")}>
        {VERBS.map((verb) => (
          <Check key={verb} name="verbs" value={verb} label={verb} />
        ))}
      </Group>
      <Group legend={t("applications")}>
        {applications.map((name) => (
          <Check key={name} name="applications" value={name} label={name} />
        ))}
        {mayBeForAll ? <Check name="applications" value={EVERY_APPLICATION} label={t("all")} /> : null}
      </Group>
      <div>
        <label htmlFor={endId} className="mb-1 block text-xs text-second">
          {t("endsAfter")}
        </label>
        <select id={endId} name="days" defaultValue="90" className="field w-full">
          {ENDS.map((days) => (
            <option key={days} value={days}>
              {t("days", { days })}
            </option>
          ))}
        </select>
      </div>
      <p role="status" className="text-xs text-fault empty:hidden">
        {problem}
      </p>
      <Button type="submit" look="primary" wide busy={isBusy}>
        {isBusy ? t("making") : t("make")}
      </Button>
    </form>
  );
}

function Group({ legend, children }: { legend: string; children: ReactNode }) {
  return (
    <fieldset>
      <legend className="mb-1 text-xs text-second">{legend}</legend>
      <div className="grid grid-cols-2 gap-x-3">{children}</div>
    </fieldset>
  );
}

function Check({ name, value, label }: { name: string; value: string; label: string }) {
  return (
    <label className="flex min-w-0 md:min-h-8 items-center gap-2">
      <input type="checkbox" name={name} value={value} className="size-4 shrink-0" />
      <span className="min-w-0 break-words">{label}</span>
    </label>
  );
}
