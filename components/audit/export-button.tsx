"use client";
import { useState } from "react";
import { useTranslations } from "#translations";
import { Button } from "@/components/ui/button.tsx";
import { saveFile } from "@/components/ui/save-file.ts";

const FORMATS = {
  csv: { mediaType: "text/csv" },
  ndjson: { mediaType: "application/x-ndjson" },
} as const;

/** Saves everything that the filter finds as a file, not only the page that is shown. */
export function ExportButton({ url, format }: { url: string; format: keyof typeof FORMATS }) {
  const t = useTranslations("audit");
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const { mediaType } = FORMATS[format];
  const save = async () => {
    setBusy(true);
    setProblem(null);
    try {
      const response = await fetch(url, { headers: { Accept: mediaType } });
      if (!response.ok) throw new Error(String(response.status));
      saveFile(`switchyard-audit.${format}`, await response.blob());
    } catch (error) {
      setProblem(t("notSaved", { why: error instanceof Error ? error.message : t("noAnswer") }));
    }
    setBusy(false);
  };
  return (
    <>
      <span role="status" className="text-xs text-fault">
        {problem}
      </span>
      <Button busy={isBusy} onClick={() => void save()}>
        {t("save", { format })}
      </Button>
    </>
  );
}
