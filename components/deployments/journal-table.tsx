import { useSaid, useTranslations } from "#translations";
import { ClockTime } from "@/components/ui/time.tsx";
import type { JournalEntry } from "@/lib/domain/deployment/deployment.ts";

function lookOf(phase: JournalEntry["phase"]): string {
  if (phase === "failed") return "font-medium text-fault";
  return phase === "done" ? "" : "text-second";
}

/** Every step as it was written down: an intent before each AWS write, its outcome after it. */
export function JournalTable({ journal }: { journal: readonly JournalEntry[] }) {
  const t = useTranslations("deployments");
  const said = useSaid();
  return (
    <section className="card" aria-labelledby="journal-heading">
      <h3 id="journal-heading" className="px-4 pt-3 pb-2 font-semibold">
        {t("journal")}
      </h3>
      {journal.length === 0 ? (
        <p className="border-t border-line px-4 py-6 text-center text-second">{t("journalEmpty")}</p>
      ) : null}
      <ol>
        {journal.map((entry) => (
          <li
            key={entry.sequence}
            className="grid grid-cols-[64px_52px_minmax(0,1fr)] gap-x-2 border-t border-line px-4 py-1.5 text-xs"
          >
            <ClockTime at={entry.at} className="text-second" />
            <span className={lookOf(entry.phase)}>{t("phase", { phase: entry.phase })}</span>
            <span className="min-w-0 break-words">
              <span className="font-mono">{entry.step}</span> {said(entry.said, entry.message)}
              {entry.awsRequestId ? (
                <span className="block font-mono text-2xs text-second">
                  {t("awsRequest", { id: entry.awsRequestId })}
                </span>
              ) : null}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
