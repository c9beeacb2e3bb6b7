"use client";
import { useNow } from "@/components/ui/clock.tsx";
import { formatAge, formatClock } from "@/components/ui/format-time.ts";
import { Notice } from "@/components/ui/notice.tsx";
import { Pill } from "@/components/ui/pill.tsx";
import { StateIcon } from "@/components/ui/state-icon.tsx";
import type { Traffic } from "@/lib/domain/observation/traffic.ts";
import type { LogRate } from "./log-rate.ts";
import type { LogStatus, LogStore } from "./log-store.ts";
import { useLogChanges } from "./use-log-store.ts";

const WORDS: Readonly<Record<LogStatus["mode"], string>> = {
  connecting: "connecting",
  live: "live tail",
  polling: "polling",
  failed: "no lines",
  reconnecting: "reconnecting",
  "signed-out": "signed out",
  paused: "let go while hidden",
};

/** Beyond this without a line the rate alone would look like a log that flows. */
const SILENT_MS = 10_000;

/** "live tail, 38 lines/s"; after a while without a line only how long it has been silent: "no line for 40 s". */
export function flowWords(mode: LogStatus["mode"], rate: LogRate, now: number): string {
  if (mode !== "live" && mode !== "polling") return WORDS[mode];
  if (rate.newestAt === null) return "no line yet";
  const silentMs = now - rate.newestAt;
  if (silentMs > SILENT_MS) return `no line for ${formatAge(silentMs)}`;
  const perSecond = rate.perSecond(now);
  return `${WORDS[mode]}, ${perSecond < 10 ? perSecond.toFixed(1) : Math.round(perSecond)} lines/s`;
}

/** How lines reach this page, and how many. */
export function LogStatusPill({ store }: { store: LogStore }) {
  useLogChanges(store);
  const { mode, message } = store.status;
  const words = flowWords(mode, store.rate, useNow(1000));
  const isWell = mode === "live" || mode === "polling" || mode === "connecting";
  return (
    <span title={message ?? WORDS[mode]} className={`flex shrink-0 ${isWell ? "max-sm:hidden" : ""}`}>
      <Pill tone={isWell ? "plain" : "warning"}>
        {isWell ? null : <StateIcon shape="warning" size={12} />}
        <span>{words}</span>
      </Pill>
    </span>
  );
}

const TROUBLE = {
  failed: "The log cannot be read",
  polling: "The log arrives in steps",
  live: "A part of the log cannot be read",
} as const;

/** Why no lines come, where they do not; in place of nothing at all. */
export function LogTrouble({ store }: { store: LogStore }) {
  useLogChanges(store);
  const { mode, message } = store.status;
  if (mode !== "failed" && !(message && (mode === "polling" || mode === "live"))) return null;
  return (
    <div className="p-2.5">
      <Notice tone={mode === "failed" ? "fault" : "warning"} compact title={TROUBLE[mode]}>
        {message}
      </Notice>
    </div>
  );
}

/** How many kinds of error only one side has: the first thing to know after a switch. */
export function OnlyInLive({ store, live, onShow }: { store: LogStore; live: Traffic["live"]; onShow: () => void }) {
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
      <span className="max-md:hidden">
        {count} error {count === 1 ? "kind" : "kinds"} only in {color}, first {formatClock(firstAt)}
      </span>
      <span className="md:hidden">
        {count} only in {color}
      </span>
    </button>
  );
}
