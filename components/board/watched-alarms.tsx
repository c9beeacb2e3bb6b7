import { useTranslations } from "#translations";
import { StateIcon } from "@/components/ui/state-icon.tsx";
import type { WatchedAlarm } from "@/lib/domain/observation/side-metrics.ts";

const SHAPES = { INSUFFICIENT_DATA: "unknown", OK: "done" } as const;

/** The CloudWatch alarms that are quiet, in one line; the others stand among what to look at first. */
export function WatchedAlarms({ alarms }: { alarms: readonly WatchedAlarm[] }) {
  const t = useTranslations("board");
  const quiet = (["INSUFFICIENT_DATA", "OK"] as const).flatMap((state) => {
    const names = alarms.filter((alarm) => alarm.state === state);
    return names.length > 0 ? [{ state, names }] : [];
  });
  if (quiet.length === 0) return null;
  const hint = alarms.map(({ name, state, reason }) => `${name}: ${state}. ${reason}`).join("\n");
  return (
    <ul aria-label={t("cloudWatchAlarms")} className="mb-2 text-xs text-second" title={hint}>
      {quiet.map(({ state, names }) => (
        <li key={state} className="flex items-center gap-2">
          <StateIcon shape={SHAPES[state]} size={13} />
          <span className="min-w-0 truncate">
            {t(`alarms.${state}`, { count: names.length })}{" "}
            <span className="font-mono text-2xs">{names.map(({ name }) => name).join(", ")}</span>
          </span>
        </li>
      ))}
    </ul>
  );
}
