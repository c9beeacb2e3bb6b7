import { useTranslations } from "#translations";
import { LongName } from "@/components/ui/name-text.tsx";
import type { SideSummary } from "@/lib/domain/snapshot/summary.ts";
import { versionOf } from "./stage-words.ts";

/** What a side runs, by its name for people; told apart from what runs `beside` it however long both are. */
export function SideVersion({ slot, beside, nothing }: { slot: SideSummary; beside: SideSummary; nothing: string }) {
  const t = useTranslations("live");
  if (!slot.revision) return nothing;
  const other = beside.revision ? versionOf(beside.revision) : undefined;
  return <LongName text={versionOf(slot.revision)} beside={other} label={t("versionOf", { color: slot.color })} />;
}
