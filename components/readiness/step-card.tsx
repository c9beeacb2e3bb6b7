import Link from "next/link";
import { useSaid, useTranslations } from "#translations";
import { CommandBlock } from "@/components/ui/command-block.tsx";
import { StateIcon } from "@/components/ui/state-icon.tsx";
import { ClockTime } from "@/components/ui/time.tsx";
import type { PutOff, ReadinessStep } from "@/lib/domain/readiness/readiness.ts";
import { OUTCOME_SHAPES } from "./outcome-words.ts";
import { PutOffForm, type PutOffRequest } from "./put-off-form.tsx";

/** One step: how it stands and why on one line, all of it when opened. */
export function StepCard({
  step,
  mayPutOff,
  isBusy,
  isOpen,
  onPutOff,
}: {
  step: ReadinessStep;
  /** Opened without being asked, because it is the next one. */
  isOpen: boolean;
  mayPutOff: boolean;
  isBusy: boolean;
  onPutOff: (asked: PutOffRequest) => void;
}) {
  const t = useTranslations("readiness");
  const said = useSaid();
  const first = step.points.find(({ outcome }) => outcome === step.outcome) ?? step.points[0];
  return (
    <li id={`step-${step.id}`} className="scroll-mt-4 border-b border-line last:border-b-0 target:bg-soft">
      <details open={isOpen || undefined}>
        <summary className="flex cursor-pointer flex-wrap items-center gap-x-3 gap-y-0.5 px-3.5 py-2.5">
          <StateIcon shape={OUTCOME_SHAPES[step.outcome]} />
          <span className="w-16 text-xs text-second">{t("outcome", { outcome: step.outcome })}</span>
          <span className="font-medium">
            {step.number} {said(step.titleSaid, step.title)}
          </span>
          <span className="min-w-0 flex-1 basis-64 break-words text-xs text-second max-md:basis-full">
            {step.putOff ? step.putOff.reason : first && said(first.said, first.evidence)}
          </span>
        </summary>
        <div className="flex flex-col gap-3 px-3.5 pt-1 pb-4 md:pl-[42px]">
          {step.putOff ? <PutOffNote putOff={step.putOff} /> : null}
          <ul className="flex flex-col gap-1">
            {step.points.map(({ outcome, evidence, said: sentence }) => (
              <li key={evidence} className="flex items-start gap-2 text-sm">
                <span className="mt-[3px]">
                  <StateIcon shape={OUTCOME_SHAPES[outcome]} size={12} />
                </span>
                <span className="min-w-0 break-words">
                  <span className="sr-only">{t("outcome", { outcome })}: </span>
                  {said(sentence, evidence)}
                </span>
              </li>
            ))}
          </ul>
          <p className="text-sm text-second">{said(step.whySaid, step.why)}</p>
          {step.outcome === "pass" ? null : <StepFix step={step} />}
          <a
            href={step.link}
            target="_blank"
            rel="noreferrer"
            className="inline-flex items-center self-start text-sm underline"
          >
            {t.rich("readAbout", {
              title: said(step.titleSaid, step.title),
              quiet: (chunks) => <span className="sr-only">{chunks}</span>,
            })}
          </a>
          {mayPutOff && step.outcome !== "pass" ? (
            <PutOffForm
              step={step.id}
              title={said(step.titleSaid, step.title)}
              isPutOff={step.putOff !== null}
              isBusy={isBusy}
              onSend={onPutOff}
            />
          ) : null}
        </div>
      </details>
    </li>
  );
}

function PutOffNote({ putOff: { reason, by, until } }: { putOff: PutOff }) {
  const t = useTranslations("readiness");
  return (
    <p className="text-sm">
      {t.rich("putOffBy", { by, reason, time: () => <ClockTime at={until} precision="day" /> })}
    </p>
  );
}

function StepFix({ step: { fix, ...step } }: { step: ReadinessStep }) {
  const t = useTranslations("readiness");
  const said = useSaid();
  const title = said(step.titleSaid, step.title);
  const script = fix.cli.join("\n");
  return (
    <div className="flex flex-col gap-1.5">
      {fix.words ? <p className="text-sm">{said(fix.wordsSaid, fix.words)}.</p> : null}
      {script ? <CommandBlock text={script} label={t("copyCommands", { title })} /> : null}
      {fix.board ? (
        <Link href={`/${fix.board}`} className="inline-flex items-center self-start text-sm underline">
          {t("openBoard", { name: fix.board })}
        </Link>
      ) : null}
      {fix.template ? (
        <details>
          <summary className="cursor-pointer text-sm">
            {t.rich("template", {
              template: fix.template,
              mono: (chunks) => <code className="font-mono">{chunks}</code>,
            })}
          </summary>
          <div className="mt-1.5">
            <CommandBlock text={(fix.cloudFormation ?? []).join("\n")} label={t("copyTemplate", { title })} />
          </div>
        </details>
      ) : null}
    </div>
  );
}
