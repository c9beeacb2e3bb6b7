import Link from "next/link";
import { useId } from "react";
import { useSaid, useTranslations } from "#translations";
import { CommandBlock } from "@/components/ui/command-block.tsx";
import { StateIcon, type StateShape } from "@/components/ui/state-icon.tsx";
import type { ProposedEntry, Told } from "@/lib/domain/discovery/discovery-report.ts";

/** One proposed application on one line; opened, what it rests on, what is left to decide and its entry. */
export function ProposalCard({
  proposal,
  isOpen,
  isChosen,
  onChoose,
}: {
  proposal: ProposedEntry;
  isOpen: boolean;
  isChosen: boolean;
  /** Null for who may not add. */
  onChoose: ((isOn: boolean) => void) | null;
}) {
  const t = useTranslations("discovery");
  const id = useId();
  const { name, cluster, controller, services, describedBy, open, notes, text } = proposal;
  return (
    <li className="flex items-start border-b border-line last:border-b-0">
      {onChoose && describedBy === null ? (
        <span className="flex h-10 shrink-0 items-center pl-3.5">
          <input
            id={id}
            type="checkbox"
            aria-label={t("choose", { name })}
            checked={isChosen}
            onChange={(event) => onChoose(event.target.checked)}
            className="size-4"
          />
        </span>
      ) : null}
      <details open={isOpen || undefined} className="min-w-0 flex-1">
        <summary className="flex min-h-10 cursor-pointer flex-wrap items-center gap-x-3 gap-y-0.5 px-3.5 py-2">
          <span className="font-medium break-all">{name}</span>
          <span className="text-xs text-second">{controller}</span>
          <span className="min-w-0 flex-1 basis-48 text-xs break-all text-second max-md:basis-full">
            {cluster} · {services.join(", ")}
          </span>
          {describedBy === null && open.length > 0 ? (
            <span className="flex items-center gap-1.5 text-xs text-second">
              <StateIcon shape="warning" size={12} />
              {t("openCount", { count: open.length })}
            </span>
          ) : null}
        </summary>
        <div className="flex flex-col gap-3 px-3.5 pt-1 pb-4">
          {describedBy === null ? null : (
            <p className="text-sm">
              {t.rich("describedBy", {
                name: () => (
                  <Link href={`/${encodeURIComponent(describedBy)}`} className="underline">
                    {describedBy}
                  </Link>
                ),
              })}
            </p>
          )}
          {open.length > 0 ? (
            <Sentences title={t("open")} shape="warning" all={open} />
          ) : (
            <p className="text-sm text-second">{t("decided")}</p>
          )}
          {notes.length > 0 ? <Sentences title={t("restsOn")} shape="done" all={notes} /> : null}
          <div className="flex flex-col gap-1">
            <h3 className="text-sm font-medium">{t("entry")}</h3>
            <CommandBlock text={text.trimEnd()} label={t("copyEntry", { name })} />
          </div>
        </div>
      </details>
    </li>
  );
}

function Sentences({ title, shape, all }: { title: string; shape: StateShape; all: readonly Told[] }) {
  const said = useSaid();
  return (
    <div className="flex flex-col gap-1">
      <h3 className="text-sm font-medium">{title}</h3>
      <ul className="flex flex-col gap-1">
        {all.map((one) => (
          <li key={one.message} className="flex items-start gap-2 text-sm">
            <span className="mt-[3px]">
              <StateIcon shape={shape} size={12} />
            </span>
            <span className="min-w-0 break-words">{said(one.said, one.message)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
