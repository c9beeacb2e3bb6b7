"use client";
import { useState } from "react";
import { useTranslations } from "#translations";
import { announce } from "@/components/ui/announcer.tsx";
import { Button } from "@/components/ui/button.tsx";

/** Hands the page's address to whatever the device shares with, or to the clipboard; who opens it signs in and needs the role viewer. */
export function ShareButton({ title }: { title: string }) {
  const t = useTranslations("incident");
  const [outcome, setOutcome] = useState<string | null>(null);
  const share = async () => {
    const url = location.href;
    const tell = (words: string) => {
      setOutcome(words);
      announce(words);
    };
    try {
      if (typeof navigator.share === "function") await navigator.share({ title, url });
      else await navigator.clipboard.writeText(url);
      tell(typeof navigator.share === "function" ? t("shared") : t("linkCopied"));
    } catch (error) {
      // Whoever closed the device's own dialog knows it.
      if (!(error instanceof DOMException && error.name === "AbortError")) tell(t("notShared", { url }));
    }
  };
  return (
    <>
      <Button onClick={() => void share()}>{t("share")}</Button>
      {outcome === null ? null : <span className="self-center text-xs break-all text-second">{outcome}</span>}
    </>
  );
}
