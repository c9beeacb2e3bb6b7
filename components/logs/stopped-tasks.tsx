import { useSaid, useTranslations } from "#translations";
import { CopyButton } from "@/components/ui/copy-button.tsx";
import { ScrollRegion } from "@/components/ui/scroll-region.tsx";
import { SlotMark } from "@/components/ui/slot-mark.tsx";
import { Age, ClockTime } from "@/components/ui/time.tsx";
import { explainStoppedTask } from "@/lib/domain/observation/plain-words.ts";
import type { SlotColor, Task } from "@/lib/domain/observation/slot.ts";

/** A stopped task as it was last seen, with the last lines it wrote. */
export interface StoppedTask {
  slot: SlotColor;
  task: Task;
  lastLines: readonly string[];
}

/** What stopped tasks left behind, kept here because ECS forgets them within the hour. */
export function StoppedTasks({ stopped }: { stopped: readonly StoppedTask[] }) {
  const t = useTranslations("logs");
  const said = useSaid();
  return (
    <section id="stopped" aria-labelledby="stopped-heading" className="card scroll-mt-4">
      <header className="flex items-baseline gap-3 px-3.5 pt-3 pb-2">
        <h2 id="stopped-heading" className="font-semibold">
          {t("stopped.title")}
        </h2>
        <p className="text-xs text-second">{t("stopped.kept")}</p>
      </header>
      {stopped.length === 0 ? (
        <p className="border-t border-line px-3.5 py-6 text-center text-second">{t("stopped.none")}</p>
      ) : null}
      {stopped.map(({ slot, task, lastLines }) => (
        <details key={task.arn} className="border-t border-line px-3.5 py-2">
          <summary className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <SlotMark color={slot} size={16} label={slot} />
            <span className="font-mono text-xs">{task.id.slice(0, 8)}</span>
            <span className="min-w-0 flex-1 break-words">{said(explainStoppedTask(task))}</span>
            <span className="text-xs text-second">
              <StoppedWhen at={task.stoppedAt ?? null} />
            </span>
          </summary>
          <dl className="mt-2 grid grid-cols-[auto_1fr] gap-x-4 text-xs">
            {[
              [t("stopped.code"), task.stopCode],
              [t("stopped.reason"), task.stoppedReason],
              [
                t("stopped.exitCodes"),
                task.containers
                  .map(
                    (each) =>
                      `${each.name}: ${each.exitCode ?? t("stopped.noCode")}${each.reason ? ` (${each.reason})` : ""}`,
                  )
                  .join(", "),
              ],
            ].map(([name, value]) =>
              value ? (
                <div key={name} className="contents">
                  <dt className="text-second">{name}</dt>
                  <dd className="break-words">{value}</dd>
                </div>
              ) : null,
            )}
          </dl>
          {lastLines.length > 0 ? (
            <div className="relative mt-2">
              <ScrollRegion
                label={t("stopped.lastLines", { task: task.id.slice(0, 8) })}
                className="max-h-80 rounded-control bg-ground p-3 pr-12"
              >
                <pre className="font-mono text-xs break-words whitespace-pre-wrap">{lastLines.join("\n")}</pre>
              </ScrollRegion>
              <div className="absolute top-1 right-1">
                <CopyButton label={t("stopped.copy")} text={lastLines.join("\n")} />
              </div>
            </div>
          ) : (
            <p className="mt-2 text-xs text-second">{t("stopped.noLines")}</p>
          )}
        </details>
      ))}
    </section>
  );
}

function StoppedWhen({ at }: { at: number | null }) {
  const t = useTranslations("logs");
  if (at === null) return t("stopped.stopping");
  return t.rich("stopped.when", { time: () => <ClockTime at={at} precision="day" />, age: () => <Age at={at} /> });
}
