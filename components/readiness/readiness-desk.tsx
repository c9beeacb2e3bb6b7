"use client";
import { useCallback, useEffect, useState } from "react";
import { useSaid, useTranslations } from "#translations";
import { blockerWords } from "@/components/board/board-facts.ts";
import type { Translator } from "@/components/messages/translator.ts";
import { announce } from "@/components/ui/announcer.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Notice } from "@/components/ui/notice.tsx";
import { StateIcon } from "@/components/ui/state-icon.tsx";
import { Age } from "@/components/ui/time.tsx";
import { PHASES, type PutOff, type ReadinessReport } from "@/lib/domain/readiness/readiness.ts";
import type { Result } from "@/lib/domain/verb/blocker.ts";
import { notDoneWords } from "@/lib/messages/not-done.ts";
import { NextSteps } from "./next-steps.tsx";
import { OUTCOME_SHAPES } from "./outcome-words.ts";
import type { PutOffRequest } from "./put-off-form.tsx";
import { ReadinessGraph } from "./readiness-graph.tsx";
import { ReadinessCost, ReadinessTimeline } from "./readiness-timeline.tsx";
import { StepCard } from "./step-card.tsx";

/** The server actions that the page hands to the desk. */
interface ReadinessActions {
  putOff(input: PutOffRequest & { application: string }): Promise<Result<PutOff>>;
}

// Safe because the object has exactly these keys.
const PHASE_NAMES = Object.keys(PHASES) as (keyof typeof PHASES)[];

/** While somebody watches. */
const EVERY_MS = 60_000;

/** An application's 24 steps by phase, with progress, what is missing and how to do it; asked again every minute. */
export function ReadinessDesk({
  initial,
  mayPutOff,
  actions,
}: {
  initial: ReadinessReport;
  mayPutOff: boolean;
  actions: ReadinessActions;
}) {
  const t = useTranslations("readiness");
  const said = useSaid();
  const [report, setReport] = useState(initial);
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const { application } = initial;
  const target = useTarget();

  const look = useCallback(
    async (isFresh: boolean) => {
      const address = `/api/v1/applications/${encodeURIComponent(application)}/readiness${isFresh ? "?fresh" : ""}`;
      const response = await fetch(address, { headers: { accept: "application/json" } });
      if (!response.ok) throw new Error(`Switchyard answered ${response.status}`);
      // Safe because the route answers with exactly this type.
      setReport((await response.json()) as ReadinessReport);
    },
    [application],
  );
  const run = async (work: () => Promise<string | null>) => {
    setBusy(true);
    setProblem(null);
    try {
      const refused = await work();
      if (refused !== null) setProblem(refused);
    } catch (error) {
      setProblem(notDoneWords(error) ?? t("noAnswer"));
    } finally {
      setBusy(false);
    }
  };
  const askAgain = () =>
    run(async () => {
      await look(true);
      announce(t("lookedAgain"));
      return null;
    });
  const putOff = (asked: PutOffRequest) =>
    run(async () => {
      const result = await actions.putOff({ ...asked, application });
      if (!result.ok) return blockerWords(said, result);
      await look(false);
      announce(asked.until === null ? t("takenUp") : t("isPutOff"));
      return null;
    });

  useEffect(() => {
    const timer = setInterval(() => {
      // The next turn tries again; what is shown says how old it is.
      if (document.visibilityState === "visible") look(false).catch(() => undefined);
    }, EVERY_MS);
    return () => clearInterval(timer);
  }, [look]);

  return (
    <div className="flex max-w-[1100px] flex-col gap-3">
      <ReadinessHead report={report} isBusy={isBusy} onAsk={() => void askAgain()} />
      {problem ? (
        <div role="alert">
          <Notice tone="fault" compact title={problem} />
        </div>
      ) : null}
      <NextSteps report={report} />
      {PHASE_NAMES.map((phase) => {
        const steps = report.steps.filter((step) => step.phase === phase);
        const done = steps.filter(({ outcome }) => outcome === "pass").length;
        return (
          <section key={phase} aria-labelledby={`phase-${phase}`} className="card">
            <h2 id={`phase-${phase}`} className="border-b border-line px-3.5 py-2 font-semibold">
              {t(`phase.${phase}`)}{" "}
              <span className="font-normal text-second">{t("doneOf", { done, of: steps.length })}</span>
            </h2>
            <ol>
              {steps.map((step) => (
                <StepCard
                  key={step.id}
                  step={step}
                  mayPutOff={mayPutOff}
                  isBusy={isBusy}
                  isOpen={step.id === report.next[0] || step.id === target}
                  onPutOff={(asked) => void putOff(asked)}
                />
              ))}
            </ol>
          </section>
        );
      })}
      <ReadinessGraph steps={report.steps} />
      <ReadinessTimeline report={report} />
      <ReadinessCost report={report} />
    </div>
  );
}

/** The step that the address leads to, as the graph's and the timeline's links do; null for none. */
function useTarget(): string | null {
  const [target, setTarget] = useState<string | null>(null);
  useEffect(() => {
    const read = () => setTarget(/^#step-(.+)$/.exec(location.hash)?.[1] ?? null);
    read();
    addEventListener("hashchange", read);
    return () => removeEventListener("hashchange", read);
  }, []);
  return target;
}

/** How many steps do not pass, by outcome. */
function othersIn(t: Translator<"readiness">, counts: ReadinessReport["counts"]): string {
  const outcomes = (["fail", "warn", "unknown", "put off"] as const).filter((outcome) => counts[outcome] > 0);
  return outcomes.map((outcome) => t("count", { count: counts[outcome], outcome })).join(", ") || t("countNone");
}

function ReadinessHead({ report, isBusy, onAsk }: { report: ReadinessReport; isBusy: boolean; onAsk: () => void }) {
  const t = useTranslations("readiness");
  const said = useSaid();
  const { counts, steps, identity, application, isConfigured } = report;
  return (
    <section aria-label={t("progress")} className="card flex flex-col gap-2 px-3.5 py-3">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <p>
          {t.rich("passing", {
            done: counts.pass,
            of: steps.length,
            application,
            others: othersIn(t, counts),
            big: (chunks) => <span className="text-lg font-semibold">{chunks}</span>,
            b: (chunks) => <span className="font-semibold">{chunks}</span>,
            quiet: (chunks) => <span className="text-second">{chunks}</span>,
          })}
        </p>
        <p className="ml-auto text-xs text-second">{t.rich("looked", { age: () => <Age at={report.at} /> })}</p>
        <Button size="small" busy={isBusy} onClick={onAsk}>
          {t("lookAgain")}
        </Button>
      </div>
      <progress
        value={counts.pass}
        max={steps.length}
        aria-label={t("stepsPassing")}
        className="h-1.5 w-full appearance-none overflow-hidden rounded-full bg-soft [&::-moz-progress-bar]:bg-ink [&::-webkit-progress-bar]:bg-soft [&::-webkit-progress-value]:bg-ink"
      />
      {isConfigured ? null : <p className="text-sm text-second">{t("notConfigured")}</p>}
      <ul>
        {identity.points.map(({ outcome, evidence, said: sentence }) => (
          <li key={evidence} className="flex items-start gap-2 text-xs text-second">
            <span className="mt-[2px]">
              <StateIcon shape={OUTCOME_SHAPES[outcome]} size={12} />
            </span>
            <span className="min-w-0 break-words">
              <span className="sr-only">{t("outcome", { outcome })}: </span>
              {said(sentence, evidence)}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
