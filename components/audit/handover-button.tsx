"use client";
import { useState } from "react";
import { useTranslations } from "#translations";
import { announce } from "@/components/ui/announcer.tsx";
import { Button } from "@/components/ui/button.tsx";

/** Copies a handover, written from the audit, with one click. */
export function HandoverButton({
  url,
  label,
  blocked = null,
}: {
  url: string;
  label?: string;
  /** Why there is none to copy; null when there is. */
  blocked?: string | null;
}) {
  const t = useTranslations("audit");
  const [isBusy, setBusy] = useState(false);
  const [outcome, setOutcome] = useState<{ text: string; isGood: boolean } | null>(null);
  const copy = async () => {
    setBusy(true);
    setOutcome(null);
    // The promise goes in, so that the copy belongs to the click however long the answer takes.
    const written = fetch(url, { headers: { Accept: "text/markdown" } }).then(async (response) => {
      if (!response.ok) throw new Error(t("answerWas", { status: response.status }));
      return new Blob([await response.text()], { type: "text/plain" });
    });
    try {
      await navigator.clipboard.write([new ClipboardItem({ "text/plain": written })]);
      announce(t("handoverCopied"));
      setOutcome({ text: t("copied"), isGood: true });
    } catch (error) {
      setOutcome({
        text: t("notCopied", { why: error instanceof Error ? error.message : t("noAnswer") }),
        isGood: false,
      });
    }
    setBusy(false);
  };
  return (
    <span className="inline-flex items-center gap-2">
      <Button busy={isBusy} blocked={blocked} onClick={() => void copy()}>
        {label ?? t("copyHandover")}
      </Button>
      <span role="status" className={`text-xs ${outcome?.isGood ? "text-second" : "text-fault"}`}>
        {outcome?.text}
      </span>
    </span>
  );
}
