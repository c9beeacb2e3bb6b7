import type { ReactNode } from "react";
import { useSaid, useTranslations } from "#translations";
import { CopyButton } from "@/components/ui/copy-button.tsx";
import { ScrollRegion } from "@/components/ui/scroll-region.tsx";
import { ClockTime } from "@/components/ui/time.tsx";
import type { FailureEvidence } from "@/lib/domain/deployment/failure-evidence.ts";
import { explainStoppedTask } from "@/lib/domain/observation/plain-words.ts";

const mono = (chunks: ReactNode) => <span className="font-mono text-xs">{chunks}</span>;

/** What a failed deployment left behind: why tasks stopped, what targets said, the last lines. */
export function EvidenceView({ evidence }: { evidence: FailureEvidence }) {
  const t = useTranslations("deployments");
  const said = useSaid();
  const lines = evidence.lines
    .map((line) => `${new Date(line.at).toISOString()} ${line.taskId.slice(0, 8)} ${line.text}`)
    .join("\n");
  return (
    <section className="card border-fault" aria-labelledby="evidence-heading">
      <h3 id="evidence-heading" className="px-4 pt-3 pb-2 font-semibold">
        {t("evidence")}
      </h3>
      <ul>
        {evidence.tasks.map((task) => (
          <li key={task.id} className="border-t border-line px-4 py-2">
            <p>
              <span className="font-mono text-xs">{task.id.slice(0, 8)}</span> {said(explainStoppedTask(task))}
            </p>
            <p className="text-xs break-words text-second">
              {[task.stopCode, task.stoppedReason, ...task.containers.map((each) => each.reason)]
                .filter(Boolean)
                .join(" · ")}
            </p>
          </li>
        ))}
        {evidence.targets.map((target) => (
          <li key={target.id} className="border-t border-line px-4 py-2">
            <p>
              {target.reason
                ? t.rich("targetWasWhy", { id: target.id, state: target.state, reason: target.reason, mono })
                : t.rich("targetWas", { id: target.id, state: target.state, mono })}
            </p>
            {target.description ? <p className="text-xs text-second">{target.description}</p> : null}
          </li>
        ))}
      </ul>
      {evidence.lines.length > 0 ? (
        <div className="relative border-t border-line">
          <ScrollRegion label={t("lastLines")} className="max-h-96 px-4 py-2 font-mono text-xs">
            {evidence.lines.map((line, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the lines never change, and two may be equal
              <p key={index} className="flex gap-3">
                <ClockTime at={line.at} className="shrink-0 text-second" />
                <span className="shrink-0 text-second">{line.taskId.slice(0, 4)}</span>
                <span className="min-w-0 break-words whitespace-pre-wrap">{line.text}</span>
              </p>
            ))}
          </ScrollRegion>
          <div className="absolute top-1 right-1">
            <CopyButton label={t("copyLines")} text={lines} />
          </div>
        </div>
      ) : null}
    </section>
  );
}
