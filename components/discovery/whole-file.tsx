"use client";
import { useTranslations } from "#translations";
import { Button } from "@/components/ui/button.tsx";
import { CommandBlock } from "@/components/ui/command-block.tsx";
import { saveFile } from "@/components/ui/save-file.ts";

/** The whole proposal as one file, to copy or to save. */
export function WholeFile({ text }: { text: string }) {
  const t = useTranslations("discovery");
  return (
    <section aria-labelledby="whole-title" className="card flex flex-col gap-2 px-3.5 py-3">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <div>
          <h2 id="whole-title" className="font-semibold">
            {t("whole")}
          </h2>
          <p className="text-sm text-second">{t("wholeNote")}</p>
        </div>
        <Button size="small" onClick={() => saveFile("switchyard.yaml", new Blob([text], { type: "text/yaml" }))}>
          {t("download")}
        </Button>
      </div>
      <details>
        <summary className="cursor-pointer text-sm">{t("showWhole")}</summary>
        <div className="mt-2 max-h-[480px] overflow-y-auto">
          <CommandBlock text={text.trimEnd()} label={t("copyWhole")} />
        </div>
      </details>
    </section>
  );
}
