"use client";
import { useSaid, useTranslations } from "#translations";
import { useNow } from "@/components/ui/clock.tsx";
import { ageSaid } from "@/components/ui/format-time.ts";
import { StateIcon } from "@/components/ui/state-icon.tsx";
import { type SourceName, sourceSaid } from "@/lib/domain/observation/source.ts";
import type { ApplicationSnapshot } from "@/lib/domain/snapshot/snapshot.ts";

/** Says of every named source that is not well what is old, how old, and which permission or limit is behind it. */
export function SourceNotice({ snapshot, names }: { snapshot: ApplicationSnapshot; names: readonly SourceName[] }) {
  const said = useSaid();
  const t = useTranslations("board");
  const now = useNow(1000);
  const troubled = snapshot.sources.filter((source) => source.state !== "ok" && names.includes(source.name));
  return troubled.map((source) => {
    const age = said(ageSaid(now - (snapshot.answeredAt ?? snapshot.observedAt) + source.ageMs));
    return (
      <p
        key={source.name}
        className="flex items-start gap-2 border-t border-line bg-warning-ground px-3.5 py-1.5 text-xs"
      >
        <span className="mt-px">
          <StateIcon shape="warning" />
        </span>
        <span className="min-w-0 break-words">
          <b className="font-semibold">
            {t("source.old", { source: said(sourceSaid(source.name)), age, state: source.state })}
          </b>{" "}
          {said(source.said, source.message)}
        </span>
      </p>
    );
  });
}
