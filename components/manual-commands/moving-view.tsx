import Link from "next/link";
import type { ComponentProps } from "react";
import { useSaid, useTranslations } from "#translations";
import { CopyButton } from "@/components/ui/copy-button.tsx";
import { EmptyState } from "@/components/ui/notice.tsx";
import { Problem } from "@/components/ui/problem.tsx";
import { ScrollRegion } from "@/components/ui/scroll-region.tsx";
import { StateIcon, type StateShape } from "@/components/ui/state-icon.tsx";
import { renderScript } from "@/lib/domain/manual/cli-command.ts";
import type { MovingPlan, MovingPoint } from "@/lib/domain/manual/moving.ts";
import type { MovingStep } from "@/lib/domain/manual/moving-steps.ts";
import type { Sentence } from "@/lib/domain/sentence/sentence.ts";

const SHAPES: Readonly<Record<MovingPoint["outcome"], StateShape>> = { pass: "done", fail: "fault", ask: "unknown" };

/** What a move would need, change, gain and lose, checked against AWS; every step is done by a person. */
export function MovingView({ plan }: { plan: MovingPlan }) {
  const t = useTranslations("manualCommands");
  const said = useSaid();
  const { application, from, points, steps, gained, lost } = plan;
  if (from === null)
    return (
      <EmptyState title={t("moving.already", { application })}>
        <Link className="underline" href={`/${encodeURIComponent(application)}`}>
          {t("moving.board")}
        </Link>
      </EmptyState>
    );
  const inTheWay = points.filter(({ outcome }) => outcome === "fail").length;
  return (
    <div className="flex flex-col gap-3">
      <section className="card flex flex-col gap-3 p-4" aria-labelledby="moving-heading">
        <h2 id="moving-heading" className="font-semibold">
          {t("moving.from", { from: said(from) })}
        </h2>
        <p className="text-second">{t("moving.inTheWay", { count: inTheWay })}</p>
        <ul className="flex flex-col gap-2">
          {points.map((point) => (
            <Point key={point.words.code} point={point} />
          ))}
        </ul>
      </section>
      <div className="grid gap-3 md:grid-cols-2">
        <Changes title={t("moving.gained")} changes={gained} />
        <Changes title={t("moving.lost")} changes={lost} />
      </div>
      <section className="card flex flex-col gap-4 p-4" aria-labelledby="steps-heading">
        <h2 id="steps-heading" className="font-semibold">
          {t("moving.steps")}
        </h2>
        <ol className="flex flex-col gap-4">
          {steps.map((step, index) => (
            <Step key={step.title.code} step={step} number={index + 1} />
          ))}
        </ol>
      </section>
    </div>
  );
}

/** The page when there is no plan to show. */
export function MovingProblem({ problem }: { problem: ComponentProps<typeof Problem>["problem"] }) {
  return <Problem title={useTranslations("manualCommands")("moving.cannotBeShown")} problem={problem} />;
}

function Point({ point: { outcome, words, fix } }: { point: MovingPoint }) {
  const t = useTranslations("manualCommands");
  const said = useSaid();
  return (
    <li className="flex items-start gap-2">
      <span className="mt-0.5 shrink-0">
        <StateIcon shape={SHAPES[outcome]} />
      </span>
      <span className="min-w-0">
        <span className="sr-only">{t("moving.outcome", { outcome })}: </span>
        {said(words)}
        {fix ? <span className="block text-second">{said(fix)}</span> : null}
      </span>
    </li>
  );
}

function Changes({ title, changes }: { title: string; changes: readonly Sentence[] }) {
  const said = useSaid();
  return (
    <section className="card flex flex-col gap-2 p-4" aria-label={title}>
      <h2 className="font-semibold">{title}</h2>
      <ul className="flex list-disc flex-col gap-1 pl-5">
        {changes.map((change) => (
          <li key={change.code}>{said(change)}</li>
        ))}
      </ul>
    </section>
  );
}

function Step({ step, number }: { step: MovingStep; number: number }) {
  const t = useTranslations("manualCommands");
  const said = useSaid();
  const title = said(step.title);
  const script = step.commands && renderScript(step.commands, said);
  return (
    <li className="flex flex-col gap-1.5">
      <h3 className="font-semibold">
        {number}. {title}
      </h3>
      <p className="text-second">{said(step.why)}</p>
      {script === null ? null : (
        <div className="relative">
          <ScrollRegion
            label={t("moving.commands", { title })}
            className="max-h-[320px] rounded-control bg-ground p-2.5 pr-11"
          >
            <pre className="font-mono text-xs">{script}</pre>
          </ScrollRegion>
          <div className="absolute top-1 right-1">
            <CopyButton label={t("moving.copy", { title })} text={script} />
          </div>
        </div>
      )}
    </li>
  );
}
