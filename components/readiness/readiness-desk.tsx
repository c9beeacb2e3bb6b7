"use client";
import { useCallback, useEffect, useState } from "react";
import { announce } from "@/components/ui/announcer.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Notice } from "@/components/ui/notice.tsx";
import { StateIcon } from "@/components/ui/state-icon.tsx";
import { Age } from "@/components/ui/time.tsx";
import { notDoneWords } from "@/lib/domain/access/not-done.ts";
import { PHASES, type PutOff, type ReadinessReport } from "@/lib/domain/readiness/readiness.ts";
import { countWords } from "@/lib/domain/readiness/readiness-text.ts";
import type { Result } from "@/lib/domain/verb/blocker.ts";
import { NextSteps } from "./next-steps.tsx";
import { OUTCOMES } from "./outcome-words.ts";
import type { PutOffWish } from "./put-off-form.tsx";
import { ReadinessGraph } from "./readiness-graph.tsx";
import { ReadinessCost, ReadinessTimeline } from "./readiness-timeline.tsx";
import { StepCard } from "./step-card.tsx";

/** The server actions that the page hands to the desk. */
interface ReadinessActions {
  putOff(input: PutOffWish & { application: string }): Promise<Result<PutOff>>;
}

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
  const [report, setReport] = useState(initial);
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const { application } = initial;

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
      setProblem(notDoneWords(error) ?? "No answer from Switchyard");
    } finally {
      setBusy(false);
    }
  };
  const askAgain = () =>
    run(async () => {
      await look(true);
      announce("Looked again");
      return null;
    });
  const putOff = (wish: PutOffWish) =>
    run(async () => {
      const result = await actions.putOff({ ...wish, application });
      if (!result.ok) return result.fix ? `${result.message}. ${result.fix}` : result.message;
      await look(false);
      announce(wish.until === null ? "Taken up again" : "Put off");
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
      {Object.entries(PHASES).map(([phase, title]) => {
        const steps = report.steps.filter((step) => step.phase === phase);
        const done = steps.filter(({ outcome }) => outcome === "pass").length;
        return (
          <section key={phase} aria-labelledby={`phase-${phase}`} className="card">
            <h2 id={`phase-${phase}`} className="border-b border-line px-3.5 py-2 font-semibold">
              {title}{" "}
              <span className="font-normal text-second">
                {done} of {steps.length}
              </span>
            </h2>
            <ol>
              {steps.map((step) => (
                <StepCard
                  key={step.id}
                  step={step}
                  mayPutOff={mayPutOff}
                  isBusy={isBusy}
                  isOpen={step.id === report.next[0]}
                  onPutOff={(wish) => void putOff(wish)}
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

function ReadinessHead({ report, isBusy, onAsk }: { report: ReadinessReport; isBusy: boolean; onAsk: () => void }) {
  const { counts, steps, identity, application, isConfigured } = report;
  return (
    <section aria-label="Progress" className="card flex flex-col gap-2 px-3.5 py-3">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <p>
          <span className="text-lg font-semibold">
            {counts.pass} of {steps.length}
          </span>{" "}
          steps of <span className="font-semibold">{application}</span> pass
          <span className="text-second"> ({countWords(report)})</span>
        </p>
        <p className="ml-auto text-xs text-second">
          Looked <Age at={report.at} suffix=" ago" />
        </p>
        <Button size="small" busy={isBusy} onClick={onAsk}>
          Look again
        </Button>
      </div>
      <progress
        value={counts.pass}
        max={steps.length}
        aria-label="Steps that pass"
        className="h-1.5 w-full accent-ink"
      />
      {isConfigured ? null : (
        <p className="text-sm text-second">
          No application is configured yet. These are the names that the templates in deploy/aws take.
        </p>
      )}
      <ul>
        {identity.points.map(({ outcome, evidence }) => (
          <li key={evidence} className="flex items-start gap-2 text-xs text-second">
            <span className="mt-[2px]">
              <StateIcon shape={OUTCOMES[outcome].shape} size={12} />
            </span>
            <span className="min-w-0 break-words">
              <span className="sr-only">{OUTCOMES[outcome].word}: </span>
              {evidence}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
