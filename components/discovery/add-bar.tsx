import { useId } from "react";
import { useTranslations } from "#translations";
import { Button } from "@/components/ui/button.tsx";
import type { DiscoveryReport } from "@/lib/domain/discovery/discovery-report.ts";

/** Adds the chosen entries to switchyard.yaml; for whoever may not, or where it cannot be written, what to do instead. */
export function AddBar({
  file,
  addable,
  chosen,
  isBusy,
  onChooseAll,
  onAdd,
}: {
  file: DiscoveryReport["file"];
  addable: number;
  chosen: number;
  isBusy: boolean;
  onChooseAll: (isOn: boolean) => void;
  onAdd: () => void;
}) {
  const t = useTranslations("discovery");
  const id = useId();
  if (!file?.isWritable)
    return (
      <p className="border-b border-line px-3.5 py-2.5 text-sm text-second">
        {file ? t("cannotWrite", { path: file.path }) : t("onlyAdmins")}
      </p>
    );
  return (
    <div className="flex flex-col gap-2 border-b border-line px-3.5 py-2.5">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        {addable > 1 ? (
          <label htmlFor={id} className="flex items-center gap-2 text-sm">
            <input
              id={id}
              type="checkbox"
              checked={chosen === addable}
              onChange={(event) => onChooseAll(event.target.checked)}
              className="size-4 shrink-0"
            />
            {t("chooseAll")}
          </label>
        ) : (
          <span />
        )}
        <Button look="primary" blocked={chosen === 0 ? t("chooseOne") : null} busy={isBusy} onClick={onAdd}>
          {t("add", { count: chosen })}
        </Button>
      </div>
      <p className="text-xs text-second">
        {t.rich("addNote", {
          path: file.path,
          mono: (chunks) => <code className="font-mono break-all">{chunks}</code>,
        })}
      </p>
    </div>
  );
}
