"use client";
import { type FormEvent, type ReactNode, useId, useRef, useState } from "react";
import { useTranslations } from "#translations";
import { Button } from "@/components/ui/button.tsx";
import { ROLES } from "@/lib/domain/access/role.ts";
import type { GrantChoice } from "./access-actions.ts";

const DAY_MS = 24 * 60 * 60_000;
const ENDS = [0, 1, 7, 30, 365];
const EVERYWHERE = "*";

/** Who gets which role, on what, until when, and why. */
export function GrantForm({
  applications,
  mayGrantEverywhere,
  onGrant,
}: {
  applications: readonly string[];
  mayGrantEverywhere: boolean;
  /** Whether it was given. */
  onGrant: (choice: GrantChoice) => Promise<boolean>;
}) {
  const t = useTranslations("access");
  const form = useRef<HTMLFormElement>(null);
  const [isBusy, setBusy] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (isBusy) return;
    const sent = new FormData(event.currentTarget);
    const text = (name: string) => String(sent.get(name) ?? "");
    const days = Number(text("days"));
    const reason = text("reason").trim();
    setBusy(true);
    const isGiven = await onGrant({
      kind: text("kind") === "group" ? "group" : "address",
      who: text("who"),
      role: ROLES.find((role) => role === text("role")) ?? "viewer",
      application: text("application") === EVERYWHERE ? null : text("application"),
      expiresAt: days === 0 ? null : Date.now() + days * DAY_MS,
      ...(reason === "" ? {} : { reason }),
    });
    setBusy(false);
    if (isGiven) form.current?.reset();
  };
  return (
    <form
      ref={form}
      aria-label={t("give")}
      onSubmit={(event) => void submit(event)}
      className="card flex flex-col gap-3 p-4"
    >
      <h2 className="text-base font-semibold">{t("give")}</h2>
      <div className="grid grid-cols-[130px_minmax(0,1fr)] gap-2 max-sm:grid-cols-1">
        <Field label={t("to")}>
          {(id) => (
            <select id={id} name="kind" className="field w-full">
              <option value="address">{t("kind", { kind: "address" })}</option>
              <option value="group">{t("kind", { kind: "group" })}</option>
            </select>
          )}
        </Field>
        <Field label={t("who")}>
          {(id) => <input id={id} name="who" required maxLength={200} autoComplete="off" className="field w-full" />}
        </Field>
      </div>
      <div className="grid grid-cols-2 gap-2">
        <Field label={t("role")}>
          {(id) => (
            <select id={id} name="role" defaultValue="operator" className="field w-full">
              {ROLES.map((role) => (
                <option key={role}>{role}</option>
              ))}
            </select>
          )}
        </Field>
        <Field label={t("on")}>
          {(id) => (
            <select id={id} name="application" className="field w-full">
              {applications.map((name) => (
                <option key={name}>{name}</option>
              ))}
              {mayGrantEverywhere ? <option value={EVERYWHERE}>{t("allLater")}</option> : null}
            </select>
          )}
        </Field>
      </div>
      <Field label={t("endsLabel")}>
        {(id) => (
          <select id={id} name="days" className="field w-full">
            {ENDS.map((days) => (
              <option key={days} value={days}>
                {t("ends", { days })}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label={t("why")}>
        {(id) => <input id={id} name="reason" maxLength={500} autoComplete="off" className="field w-full" />}
      </Field>
      <Button type="submit" look="primary" wide busy={isBusy}>
        {isBusy ? t("giving") : t("giveThe")}
      </Button>
    </form>
  );
}

function Field({ label, children }: { label: string; children: (id: string) => ReactNode }) {
  const id = useId();
  return (
    <div className="min-w-0">
      <label htmlFor={id} className="mb-1 block truncate text-xs text-second">
        {label}
      </label>
      {children(id)}
    </div>
  );
}
