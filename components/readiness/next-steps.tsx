import { Fragment } from "react";
import { useSaid, useTranslations } from "#translations";
import { CommandBlock } from "@/components/ui/command-block.tsx";
import type { ReadinessReport } from "@/lib/domain/readiness/readiness.ts";

/** What can be done now, and what a shell is told before the commands of any step; nothing once no step is missing. */
export function NextSteps({ report }: { report: Pick<ReadinessReport, "next" | "steps" | "setup"> }) {
  const t = useTranslations("readiness");
  const said = useSaid();
  const steps = report.steps.filter(({ id }) => report.next.includes(id));
  const [first, ...others] = steps;
  if (!first) return null;
  return (
    <section aria-labelledby="next-title" className="card flex flex-col gap-2 px-3.5 py-3">
      <h2 id="next-title" className="font-semibold">
        {t.rich("next", { step: () => <StepLink step={first} /> })}
      </h2>
      <p className="text-sm text-second">{said(first.whySaid, first.why)}</p>
      {others.length > 0 ? (
        <p className="text-sm text-second">
          {t.rich("nowAsWell", {
            steps: () => (
              <>
                {others.map((step, index) => (
                  <Fragment key={step.id}>
                    {index > 0 ? ", " : ""}
                    <StepLink step={step} />
                  </Fragment>
                ))}
              </>
            ),
          })}
        </p>
      ) : null}
      <p className="text-sm">{t("setup")}</p>
      <CommandBlock text={report.setup.join("\n")} label={t("copySetup")} />
    </section>
  );
}

function StepLink({ step }: { step: ReadinessReport["steps"][number] }) {
  const said = useSaid();
  return (
    <a href={`#step-${step.id}`} className="underline">
      {step.number} {said(step.titleSaid, step.title)}
    </a>
  );
}
