import { useSaid, useTranslations } from "#translations";
import { StateIcon } from "@/components/ui/state-icon.tsx";
import { Age } from "@/components/ui/time.tsx";
import type { ApplicationSnapshot } from "@/lib/domain/snapshot/snapshot.ts";

const ALARM_LOOK = { fault: "border-fault", warning: "border-warning" } as const;
const ALARMS_SHOWN = 3;
/** CloudWatch's reasons are long: beyond this, what is under way needs the room more; the rest is on hover. */
const LONG_ALARM = 110;

/** What to look at first, worst first. */
export function Alarms({ snapshot }: { snapshot: ApplicationSnapshot }) {
  const said = useSaid();
  const t = useTranslations("board");
  // What somebody else changed has its own strip, with what can be done about it.
  const told = new Set(snapshot.drifts?.map(({ message }) => message));
  const alarms = snapshot.alarms.filter(({ message }) => !told.has(message));
  const words = (alarm: (typeof alarms)[number]) => said(alarm.said, alarm.message);
  if (alarms.length === 0) return null;
  return (
    <ul className="mb-2.5 flex flex-col gap-1.5 max-md:mb-0" aria-label={t("lookFirst")}>
      {alarms.slice(0, ALARMS_SHOWN).map((alarm) => (
        <li
          key={`${alarm.severity}${alarm.slot}${alarm.message}`}
          className={`flex items-start gap-2 rounded-control border bg-card px-2.5 py-1.5 text-xs max-md:rounded-card max-md:px-3.5 max-md:py-3 max-md:text-sm ${ALARM_LOOK[alarm.severity]}`}
        >
          <span className="mt-px max-md:mt-[3px]">
            <StateIcon shape={alarm.severity} />
          </span>
          <p className="min-w-0 break-words">
            <span
              className={`font-medium ${words(alarm).length > LONG_ALARM ? "md:line-clamp-2" : ""}`}
              title={words(alarm)}
            >
              {words(alarm).replace(/\.$/, "")}
            </span>
            <span className="text-second">
              {words(alarm).length > LONG_ALARM ? " " : ", "}
              {t.rich("ago", { age: () => <Age at={alarm.since} /> })}
            </span>
          </p>
        </li>
      ))}
      {alarms.length > ALARMS_SHOWN ? (
        <li className="text-xs text-second">{t("andMore", { count: alarms.length - ALARMS_SHOWN })}</li>
      ) : null}
    </ul>
  );
}
