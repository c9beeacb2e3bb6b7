"use client";
import { useState } from "react";
import { Button } from "@/components/ui/button.tsx";

/** Saves what the filter shows as a CSV file. */
export function CsvButton({ url }: { url: string }) {
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const save = async () => {
    setBusy(true);
    setProblem(null);
    try {
      const response = await fetch(url, { headers: { Accept: "text/csv" } });
      if (!response.ok) throw new Error(String(response.status));
      const link = document.createElement("a");
      link.href = URL.createObjectURL(await response.blob());
      link.download = "switchyard-audit.csv";
      link.click();
      URL.revokeObjectURL(link.href);
    } catch (error) {
      setProblem(`Not saved: ${error instanceof Error ? error.message : "no answer"}`);
    }
    setBusy(false);
  };
  return (
    <>
      <span role="status" className="text-xs text-fault">
        {problem}
      </span>
      <Button busy={isBusy} onClick={() => void save()}>
        Save as CSV
      </Button>
    </>
  );
}
