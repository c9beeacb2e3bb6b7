"use client";
import { useId, useState } from "react";
import { useTranslations } from "#translations";
import { Button } from "@/components/ui/button.tsx";
import { ReasonField } from "@/components/ui/reason-field.tsx";
import { StateIcon } from "@/components/ui/state-icon.tsx";

/** An approver's way past refusals about health and drift: the consequence in words, the name typed out, and why. */
export function OverrideForm({
  application,
  verb,
  consequence,
  keptReason,
  isBusy,
  onConfirm,
}: {
  application: string;
  /** "Switch to green". */
  verb: string;
  consequence: string;
  /** What was said before signing in again: the form is open then. */
  keptReason: string | null;
  isBusy: boolean;
  onConfirm: (override: { application: string; reason: string }) => void;
}) {
  const t = useTranslations("board");
  const [typed, setTyped] = useState("");
  const [reason, setReason] = useState(keptReason ?? "");
  const nameId = useId();
  const blocked =
    typed !== application ? t("typeToConfirm", { application }) : reason.trim() === "" ? t("sayWhy") : null;
  return (
    <details className="mt-5 rounded-control border border-line" open={keptReason !== null}>
      <summary className="cursor-pointer px-3 py-2 text-second">{t("overrideAsApprover")}</summary>
      <div className="flex flex-col gap-2.5 border-t border-line px-3 py-3">
        <p className="flex items-start gap-2 font-medium">
          <span className="mt-[3px]">
            <StateIcon shape="fault" />
          </span>
          {consequence}.
        </p>
        <div>
          <label htmlFor={nameId} className="mb-1 block text-xs text-second">
            {t("typeToConfirm", { application })}
          </label>
          <input
            id={nameId}
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            className="field w-full"
            autoComplete="off"
            spellCheck={false}
          />
        </div>
        <ReasonField label={t("overrideWhy")} className="" value={reason} onChange={setReason} />
        <div>
          <Button blocked={blocked} busy={isBusy} onClick={() => onConfirm({ application, reason: reason.trim() })}>
            {t("inSpite", { verb })}
          </Button>
        </div>
      </div>
    </details>
  );
}
