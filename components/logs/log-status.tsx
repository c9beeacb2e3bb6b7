"use client";
import { useSaid, useTranslations } from "#translations";
import { useNow } from "@/components/ui/clock.tsx";
import { ageSaid, formatClock } from "@/components/ui/format-time.ts";
import { Notice } from "@/components/ui/notice.tsx";
import { Pill } from "@/components/ui/pill.tsx";
import { StateIcon } from "@/components/ui/state-icon.tsx";
import type { Traffic } from "@/lib/domain/observation/traffic.ts";
import { type Sentence, say } from "@/lib/domain/sentence/sentence.ts";
import type { LogRate } from "./log-rate.ts";
import type { LogStatus, LogStore } from "./log-store.ts";
import { useLogChanges } from "./use-log-store.ts";

/** Beyond this without a line the rate alone would look like a log that flows. */
const SILENT_MS = 10_000;

/** "live tail, 38 lines/s"; after a while without a line only how long it has been silent: "no line for 40 s". */
export function flowSaid(mode: LogStatus["mode"], rate: LogRate, now: number): Sentence {
  if (mode !== "live" && mode !== "polling") return say(`logs.status.${mode}`);
  if (rate.newestAt === null) return say("logs.noLineYet");
  const silentMs = now - rate.newestAt;
  if (silentMs > SILENT_MS) return say("logs.noLineFor", { age: ageSaid(silentMs) });
  const perSecond = rate.perSecond(now);
  const figure = perSecond < 10 ? perSecond.toFixed(1) : String(Math.round(perSecond));
  return say("logs.flow", { mode: say(`logs.status.${mode}`), figure });
}

/** How lines reach this page, and how many. */
export function LogStatusPill({ store }: { store: LogStore }) {
  const t = useTranslations("logs");
  const said = useSaid();
  useLogChanges(store);
  const { mode, message } = store.status;
  const words = said(flowSaid(mode, store.rate, useNow(1000)));
  const isWell = mode === "live" || mode === "polling" || mode === "connecting";
  return (
    <span
      title={message === null ? t(`status.${mode}`) : said(message)}
      className={`flex shrink-0 ${isWell ? "max-sm:hidden" : ""}`}
    >
      <Pill tone={isWell ? "plain" : "warning"}>
        {isWell ? null : <StateIcon shape="warning" size={12} />}
        <span>{words}</span>
      </Pill>
    </span>
  );
}

/** Why no lines come, where they do not; in place of nothing at all. */
export function LogTrouble({ store }: { store: LogStore }) {
  const t = useTranslations("logs");
  const said = useSaid();
  useLogChanges(store);
  const { mode, message } = store.status;
  if (mode !== "failed" && !(message && (mode === "polling" || mode === "live"))) return null;
  return (
    <div className="p-2.5">
      <Notice tone={mode === "failed" ? "fault" : "warning"} compact title={t(`trouble.${mode}`)}>
        {message === null ? null : said(message)}
      </Notice>
    </div>
  );
}

/** How many kinds of error only one side has: the first thing to know after a switch. */
export function OnlyInLive({ store, live, onShow }: { store: LogStore; live: Traffic["live"]; onShow: () => void }) {
  const t = useTranslations("logs");
  useLogChanges(store);
  const counts = { blue: store.signatures.onlyIn("blue"), green: store.signatures.onlyIn("green") };
  const color =
    live === "blue" && counts.green > 0
      ? "green"
      : live === "green" && counts.blue > 0 && counts.green === 0
        ? "blue"
        : counts.green > 0
          ? "green"
          : "blue";
  const count = counts[color];
  if (count === 0) return null;
  const firstAt = Math.min(...store.signatures.listOnlyIn(color).map((each) => each.firstAt));
  return (
    <button type="button" onClick={onShow} className="truncate text-sm font-semibold text-fault hover:underline">
      <span className="max-md:hidden">{t("errorsOnlyIn", { count, color, time: formatClock(firstAt) })}</span>
      <span className="md:hidden">{t("onlyIn", { count, color })}</span>
    </button>
  );
}
