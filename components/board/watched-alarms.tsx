import { StateIcon, type StateShape } from "@/components/ui/state-icon.tsx";
import { Age } from "@/components/ui/time.tsx";
import type { WatchedAlarm } from "@/lib/domain/side-metrics.ts";

const LOOK: Readonly<Record<WatchedAlarm["state"], { rank: number; shape: StateShape; words: string }>> = {
  ALARM: { rank: 0, shape: "fault", words: "in alarm" },
  MISSING: { rank: 1, shape: "warning", words: "not in CloudWatch" },
  INSUFFICIENT_DATA: { rank: 2, shape: "unknown", words: "not enough data" },
  OK: { rank: 3, shape: "done", words: "OK" },
};
const SHOWN = 3;

/** CloudWatch's alarms that a release of this application is held against, worst first. */
export function WatchedAlarms({ alarms }: { alarms: readonly WatchedAlarm[] }) {
  if (alarms.length === 0) return null;
  const sorted = alarms.toSorted((a, b) => LOOK[a.state].rank - LOOK[b.state].rank || a.name.localeCompare(b.name));
  const hidden = sorted.slice(SHOWN);
  const words = hidden.every(({ state }) => state === "OK") ? ", all OK" : "";
  return (
    <div className="mt-2.5 border-t border-line pt-2 text-xs">
      <h3 className="text-2xs text-second">CloudWatch alarms</h3>
      <ul>
        {sorted.slice(0, SHOWN).map(({ name, state, reason, since }) => (
          <li key={name} title={reason}>
            <p className="flex items-center gap-2">
              <StateIcon shape={LOOK[state].shape} size={13} />
              <span className="min-w-0 truncate font-mono">{name}</span>
              <span className="ml-auto shrink-0 text-second">
                {LOOK[state].words}
                {since === null ? null : (
                  <>
                    , <Age at={since} />
                  </>
                )}
              </span>
            </p>
            {state === "OK" || !reason ? null : <p className="truncate pl-[21px] text-2xs text-second">{reason}</p>}
          </li>
        ))}
      </ul>
      {hidden.length > 0 ? (
        <p className="text-second">
          and {hidden.length} more{words}
        </p>
      ) : null}
    </div>
  );
}
