import { useSaid, useTranslations } from "#translations";
import { secondsSaid } from "@/components/ui/format-time.ts";
import { StateIcon } from "@/components/ui/state-icon.tsx";
import { ClockTime } from "@/components/ui/time.tsx";
import type { Deployment } from "@/lib/domain/deployment/deployment.ts";
import { stepsOf } from "@/lib/domain/deployment/shift-steps.ts";
import { minutesSaid } from "@/lib/domain/observation/rollout.ts";

/** Every step of a gradual shift with its weights, and how it went. */
export function StepList({ deployment }: { deployment: Deployment }) {
  const t = useTranslations("board");
  const said = useSaid();
  const steps = stepsOf(deployment);
  if (steps.length < 2) return null;
  return (
    <ol className="mt-1 flex flex-col gap-0.5 text-xs" aria-label={t("stepsOfShift")}>
      {steps.map((step) => (
        <li key={step.percent} className={`flex items-center gap-2 ${step.shiftedAt === null ? "text-second" : ""}`}>
          <StateIcon shape={step.shiftedAt === null ? "off" : "done"} />
          <span className="font-medium">{step.percent} %</span>
          <span className="text-second">
            {t("weights", { blue: step.weights.blue, green: step.weights.green })}
            {step.bakeMinutes > 0 ? t("step.watched", { time: said(minutesSaid(step.bakeMinutes)) }) : ""}
            {step.firstRequestMs === undefined
              ? ""
              : t("step.firstRequest", { time: said(secondsSaid(step.firstRequestMs)) })}
          </span>
          {step.shiftedAt === null ? null : (
            <span className="ml-auto shrink-0 text-second">
              <ClockTime at={step.shiftedAt} />
            </span>
          )}
        </li>
      ))}
    </ol>
  );
}
