"use client";
import { useEffect, useState } from "react";
import { useTranslations } from "#translations";
import { IconButton } from "./button.tsx";
import { Icon } from "./icon.tsx";

/** Copies a text, or what `text` returns when pressed, and says that it did. */
export function CopyButton({
  text,
  label,
  isSmall = false,
}: {
  text: string | (() => string);
  label?: string;
  isSmall?: boolean;
}) {
  const t = useTranslations("ui");
  const [outcome, setOutcome] = useState<"copied" | "notCopied" | null>(null);
  useEffect(() => {
    if (!outcome) return;
    const timer = setTimeout(() => setOutcome(null), 2000);
    return () => clearTimeout(timer);
  }, [outcome]);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(typeof text === "string" ? text : text());
      setOutcome("copied");
    } catch {
      setOutcome("notCopied");
    }
  };
  const told = outcome && t(outcome);
  return (
    <>
      <IconButton label={told ?? label ?? t("copy")} isSmall={isSmall} onClick={copy}>
        <Icon name={outcome === "copied" ? "check" : "copy"} size={isSmall ? 13 : 16} />
      </IconButton>
      <span className="sr-only" aria-live="polite">
        {told}
      </span>
    </>
  );
}
