import { CommandBlock } from "@/components/ui/command-block.tsx";
import type { ReadinessReport } from "@/lib/domain/readiness/readiness.ts";

/** What can be done now, and what a shell is told before the commands of any step; nothing once no step is missing. */
export function NextSteps({ report }: { report: Pick<ReadinessReport, "next" | "steps" | "setup"> }) {
  const steps = report.steps.filter(({ id }) => report.next.includes(id));
  const [first, ...others] = steps;
  if (!first) return null;
  return (
    <section aria-labelledby="next-title" className="card flex flex-col gap-2 px-3.5 py-3">
      <h2 id="next-title" className="font-semibold">
        Next: <StepLink step={first} />
      </h2>
      <p className="text-sm text-second">{first.why}</p>
      {others.length > 0 ? (
        <p className="text-sm text-second">
          Can be done now as well:{" "}
          {others.map((step, index) => (
            <span key={step.id}>
              {index > 0 ? ", " : ""}
              <StepLink step={step} />
            </span>
          ))}
        </p>
      ) : null}
      <p className="text-sm">Once in a shell, in a checkout of Switchyard, before the commands of the steps:</p>
      <CommandBlock text={report.setup.join("\n")} label="Copy what the shell is told first" />
    </section>
  );
}

function StepLink({ step }: { step: ReadinessReport["steps"][number] }) {
  return (
    <a href={`#step-${step.id}`} className="underline">
      {step.number} {step.title}
    </a>
  );
}
