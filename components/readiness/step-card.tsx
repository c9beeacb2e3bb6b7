import Link from "next/link";
import { CommandBlock } from "@/components/ui/command-block.tsx";
import { StateIcon } from "@/components/ui/state-icon.tsx";
import { ClockTime } from "@/components/ui/time.tsx";
import type { PutOff, ReadinessStep } from "@/lib/domain/readiness/readiness.ts";
import { OUTCOMES } from "./outcome-words.ts";
import { PutOffForm, type PutOffWish } from "./put-off-form.tsx";

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
  onPutOff: (wish: PutOffWish) => void;
}) {
  const { word, shape } = OUTCOMES[step.outcome];
  const first = step.points.find(({ outcome }) => outcome === step.outcome) ?? step.points[0];
  return (
    <li id={`step-${step.id}`} className="scroll-mt-4 border-b border-line last:border-b-0 target:bg-soft">
      <details open={isOpen || undefined}>
        <summary className="flex cursor-pointer flex-wrap items-center gap-x-3 gap-y-0.5 px-3.5 py-2.5">
          <StateIcon shape={shape} />
          <span className="w-16 text-xs text-second">{word}</span>
          <span className="font-medium">
            {step.number} {step.title}
          </span>
          <span className="min-w-0 flex-1 basis-64 truncate text-xs text-second max-md:basis-full">
            {step.putOff ? step.putOff.reason : first?.evidence}
          </span>
        </summary>
        <div className="flex flex-col gap-3 px-3.5 pt-1 pb-4 md:pl-[42px]">
          {step.putOff ? <PutOffNote putOff={step.putOff} /> : null}
          <ul className="flex flex-col gap-1">
            {step.points.map(({ outcome, evidence }) => (
              <li key={evidence} className="flex items-start gap-2 text-sm">
                <span className="mt-[3px]">
                  <StateIcon shape={OUTCOMES[outcome].shape} size={12} />
                </span>
                <span className="min-w-0 break-words">
                  <span className="sr-only">{OUTCOMES[outcome].word}: </span>
                  {evidence}
                </span>
              </li>
            ))}
          </ul>
          <p className="text-sm text-second">{step.why}</p>
          {step.outcome === "pass" ? null : <StepFix step={step} />}
          <a href={step.link} target="_blank" rel="noreferrer" className="self-start text-sm underline">
            Read about it<span className="sr-only">: {step.title}</span> (opens a new tab)
          </a>
          {mayPutOff && step.outcome !== "pass" ? (
            <PutOffForm
              step={step.id}
              title={step.title}
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
  return (
    <p className="text-sm">
      Put off by {by} until <ClockTime at={until} precision="day" />: {reason}
    </p>
  );
}

function StepFix({ step: { fix, title } }: { step: ReadinessStep }) {
  const script = fix.cli.join("\n");
  return (
    <div className="flex flex-col gap-1.5">
      {fix.words ? <p className="text-sm">{fix.words}.</p> : null}
      {script ? <CommandBlock text={script} label={`Copy the commands: ${title}`} /> : null}
      {fix.board ? (
        <Link href={`/${fix.board}`} className="self-start text-sm underline">
          Open {fix.board}'s board
        </Link>
      ) : null}
      {fix.template ? (
        <p className="text-xs text-second">
          The template <code className="font-mono">deploy/aws/{fix.template}</code> makes the same.
        </p>
      ) : null}
    </div>
  );
}
