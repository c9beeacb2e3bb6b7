import { useSaid, useTranslations } from "#translations";
import { Notice } from "@/components/ui/notice.tsx";
import { Age } from "@/components/ui/time.tsx";
import type { Sentence } from "@/lib/domain/sentence/sentence.ts";

/** What came of the last time switchyard.yaml was read again; why it was refused may name values, which are for admins. */
export function ReloadNote({
  outcome,
  maySeeWhy,
}: {
  outcome: { at: number; isTaken: boolean; words: string; wordsSaid?: Sentence } | null;
  maySeeWhy: boolean;
}) {
  const t = useTranslations("readiness");
  const said = useSaid();
  if (!outcome) return null;
  const { at, isTaken } = outcome;
  const words = said(outcome.wordsSaid, outcome.words);
  const age = () => <Age at={at} />;
  if (isTaken) return <p className="mb-3 text-sm text-second">{t.rich("reloaded", { words, age })}</p>;
  return (
    <div className="mb-3 max-w-[1100px]">
      <Notice tone="fault" compact title={t("refused")}>
        {maySeeWhy ? t.rich("refusedWhy", { why: words, age }) : t.rich("refusedLog", { age })}
      </Notice>
    </div>
  );
}
