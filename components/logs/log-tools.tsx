"use client";
import { useSaid, useTranslations } from "#translations";
import { Button } from "@/components/ui/button.tsx";
import { CopyButton } from "@/components/ui/copy-button.tsx";
import { Icon } from "@/components/ui/icon.tsx";
import type { LogFilter } from "@/lib/domain/observation/log-filter.ts";
import type { SlotColor } from "@/lib/domain/observation/slot.ts";
import { rowsAsText } from "./log-row-text.ts";
import type { LogStore } from "./log-store.ts";
import { isShown } from "./log-view.ts";

const COPY_MAX = 5000;

/** Follow or pause, and copy what is shown. */
export function LogTools({
  store,
  panes,
  filter,
  isFollowing,
  onFollow,
  isPastOpen,
  onPastOpen,
}: {
  store: LogStore;
  panes: readonly (SlotColor | "both")[];
  filter: LogFilter;
  isFollowing: boolean;
  onFollow: (isFollowing: boolean) => void;
  isPastOpen: boolean;
  onPastOpen: (isOpen: boolean) => void;
}) {
  const said = useSaid();
  const t = useTranslations("logs");
  const [only] = panes;
  const slot = panes.length === 1 && only ? only : "both";
  const copy = () =>
    rowsAsText(store.buffer.rows.filter((row) => isShown(row, { slot, filter })).slice(-COPY_MAX), said);
  return (
    <div className="flex items-center gap-1 max-md:order-3">
      <Button aria-pressed={isFollowing} onClick={() => onFollow(!isFollowing)}>
        <Icon name={isFollowing ? "pause" : "follow"} size={15} />
        <span className="max-md:sr-only">{isFollowing ? t("pause") : t("follow")}</span>
      </Button>
      <Button aria-expanded={isPastOpen} onClick={() => onPastOpen(!isPastOpen)}>
        <Icon name="history" size={15} />
        <span className="max-md:sr-only">{t("backInTime")}</span>
      </Button>
      <CopyButton label={t("copyShown")} text={copy} />
    </div>
  );
}
