"use client";
import { useId, useState } from "react";
import { useTranslations } from "#translations";
import { shortDigest } from "@/components/live/stage-words.ts";
import { Button } from "@/components/ui/button.tsx";
import { formatBytes } from "@/components/ui/format-bytes.ts";
import { Problem } from "@/components/ui/problem.tsx";
import { SlotMark } from "@/components/ui/slot-mark.tsx";
import { Age } from "@/components/ui/time.tsx";
import { foldText } from "@/lib/domain/log/plain-text.ts";
import type { ImageTag } from "@/lib/domain/observation/image-tag.ts";
import { SLOT_COLORS } from "@/lib/domain/observation/slot.ts";
import type { ApplicationSnapshot } from "@/lib/domain/snapshot/snapshot.ts";
import type { Result } from "@/lib/domain/verb/blocker.ts";
import { type DeployChoice, type ListedTags, parseOther } from "./deploy-plan.ts";

/** The repository's tags, newest first, with what runs where; and a field for anything else. */
export function ImagePicker({
  snapshot,
  tags,
  choice,
  onChoose,
}: {
  snapshot: ApplicationSnapshot;
  tags: Result<ListedTags>;
  choice: DeployChoice | null;
  onChoose: (choice: DeployChoice) => void;
}) {
  const t = useTranslations("deploy");
  const [filter, setFilter] = useState("");
  const all = tags.ok ? tags.value.tags : [];
  const wanted = foldText(filter).trim();
  const shown = all.filter((tag) => foldText(`${tag.tag} ${tag.digest}`).includes(wanted));
  const chosen = choice && "imageTag" in choice ? choice.imageTag : null;
  return (
    <section aria-labelledby="images-heading" className="card overflow-hidden">
      <header className="flex flex-wrap items-center gap-3 border-b border-line px-3.5 py-2.5">
        <h2 id="images-heading" className="text-base font-semibold">
          {t("title")}
        </h2>
        <input
          data-filter
          type="search"
          aria-label={t("filter")}
          placeholder={t("filterBy")}
          value={filter}
          onChange={(event) => setFilter(event.target.value)}
          className="field ml-auto w-60 max-sm:w-full"
        />
      </header>
      {tags.ok ? (
        <table className="w-full table-fixed">
          <caption className="sr-only">{t("imagesCaption")}</caption>
          <thead className="text-xs text-second">
            <tr className="h-8 border-b border-line [&>th]:px-2 [&>th:first-child]:pl-3.5 [&>th:last-child]:pr-3.5">
              <th scope="col" className="w-[38%]">
                {t("column.version")}
              </th>
              <th scope="col" className="max-sm:hidden">
                {t("column.digest")}
              </th>
              <th scope="col">{t("column.runsOn")}</th>
              <th scope="col" className="text-right">
                {t("column.pushed")}
              </th>
              <th scope="col" className="text-right max-sm:hidden">
                {t("column.size")}
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map((tag) => (
              <TagRow
                key={tag.tag}
                tag={tag}
                snapshot={snapshot}
                isChosen={tag.tag === chosen}
                onChoose={() => onChoose({ imageTag: tag.tag })}
              />
            ))}
          </tbody>
        </table>
      ) : (
        <div className="p-3.5">
          <Problem title={t("repositoryUnreadable")} problem={tags} />
        </div>
      )}
      <p className="sr-only" aria-live="polite">
        {filter.trim() === "" ? "" : t("match", { shown: shown.length, all: all.length })}
      </p>
      {tags.ok && shown.length === 0 ? (
        <p className="px-3.5 py-8 text-center text-second">
          {all.length === 0 ? t("noImage") : t("noMatch", { filter })}
        </p>
      ) : null}
      {tags.ok && tags.value.isCut ? (
        <p className="border-t border-line px-3.5 py-2 text-xs text-second">{t("cut")}</p>
      ) : null}
      <OtherField onChoose={onChoose} />
    </section>
  );
}

function TagRow({
  tag,
  snapshot,
  isChosen,
  onChoose,
}: {
  tag: ImageTag;
  snapshot: ApplicationSnapshot;
  isChosen: boolean;
  onChoose: () => void;
}) {
  const t = useTranslations("deploy");
  const { pushedAt } = tag;
  const runsOn = SLOT_COLORS.filter((color) => snapshot.slots[color].revision?.digest === tag.digest);
  return (
    <tr
      className={`relative border-b border-line last:border-b-0 hover:bg-soft [&>*]:px-2 [&>*]:py-2 [&>*:first-child]:pl-3.5 [&>*:last-child]:pr-3.5 ${isChosen ? "bg-soft" : ""}`}
    >
      <th scope="row">
        <label className="flex cursor-pointer items-center gap-2.5 font-semibold after:absolute after:inset-0">
          <input
            type="radio"
            name="version"
            value={tag.tag}
            checked={isChosen}
            onChange={onChoose}
            className="size-4 shrink-0 accent-ink"
          />
          <span className="min-w-0 break-words">{tag.tag}</span>
        </label>
      </th>
      <td className="truncate font-mono text-xs text-second max-sm:hidden" title={tag.digest}>
        {shortDigest(tag.digest)}
      </td>
      <td>
        <span className="flex flex-wrap gap-x-2 text-xs">
          {runsOn.map((color) => (
            <span key={color} className="flex items-center gap-1.5">
              <SlotMark color={color} size={14} />
              {color}
              {snapshot.traffic.live === color ? t("live") : ""}
            </span>
          ))}
        </span>
      </td>
      <td className="text-right text-xs whitespace-nowrap text-second">
        {pushedAt ? t.rich("ago", { age: () => <Age at={pushedAt} /> }) : t("unknown")}
      </td>
      <td className="text-right text-xs whitespace-nowrap text-second max-sm:hidden">
        {tag.sizeBytes === null ? t("unknown") : formatBytes(tag.sizeBytes)}
      </td>
    </tr>
  );
}

function OtherField({ onChoose }: { onChoose: (choice: DeployChoice) => void }) {
  const t = useTranslations("deploy");
  const id = useId();
  const [typed, setTyped] = useState("");
  const other = parseOther(typed);
  return (
    <form
      className="flex flex-wrap items-end gap-2 border-t border-line px-3.5 py-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (other) onChoose(other);
      }}
    >
      <div className="min-w-0 flex-1">
        <label htmlFor={id} className="mb-1 block text-xs text-second">
          {t("other")}
        </label>
        <input
          id={id}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          placeholder={t("otherForm")}
          spellCheck={false}
          autoComplete="off"
          className="field w-full font-mono text-xs"
        />
      </div>
      <Button type="submit" blocked={other ? null : t("nameOther")}>
        {t("seeChanges")}
      </Button>
    </form>
  );
}
