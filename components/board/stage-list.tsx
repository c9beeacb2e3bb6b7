import { useSaid, useTranslations } from "#translations";
import { stepSaid } from "@/components/live/stage-words.ts";
import { StateIcon, type StateShape } from "@/components/ui/state-icon.tsx";
import { ClockTime, Countdown, Elapsed } from "@/components/ui/time.tsx";
import type { Deployment, StageStatus } from "@/lib/domain/deployment/deployment.ts";
import { isInFlight } from "@/lib/domain/deployment/deployment.ts";
import { newestStep } from "@/lib/domain/deployment/shift-steps.ts";
import { type TimelineStep, timelineOf } from "./timeline.ts";

const SHAPES: Readonly<Record<StageStatus, StateShape>> = {
  PENDING: "off",
  IN_PROGRESS: "busy",
  AWAITING_ACTION: "waiting",
  SUCCEEDED: "done",
  FAILED: "fault",
  SKIPPED: "off",
};

/** The sign for a stage's status. */
export function stageShape(status: StageStatus): StateShape {
  return SHAPES[status];
}

/** A deployment's steps with their durations; the one under way in bold. */
export function StageList({ deployment }: { deployment: Deployment }) {
  const said = useSaid();
  const inFlight = isInFlight(deployment);
  return (
    <ol className="flex flex-col">
      {timelineOf(deployment).map((step) => {
        if (!inFlight && step.status === "PENDING") return null;
        const isNow = inFlight && (step.status === "IN_PROGRESS" || step.status === "AWAITING_ACTION");
        const isAhead = step.status === "PENDING";
        return (
          <li
            key={step.id}
            aria-current={isNow ? "step" : undefined}
            className="flex h-[21px] items-center gap-2.5 lg:h-[19px]"
            title={step.detail && said(step.detailSaid, step.detail)}
          >
            <StateIcon shape={SHAPES[step.status]} />
            <span className={`truncate ${isNow ? "font-semibold" : isAhead ? "text-second" : ""}`}>
              {said((isNow && step.id === "productionTraffic" ? stepSaid(deployment) : null) ?? step.name)}
            </span>
            <span className="ml-auto shrink-0 text-second">
              <StepTime step={step} deployment={deployment} isNow={isNow} />
            </span>
          </li>
        );
      })}
    </ol>
  );
}

function StepTime({ step, deployment, isNow }: { step: TimelineStep; deployment: Deployment; isNow: boolean }) {
  const t = useTranslations("board");
  const bakeEnd = deployment.bakeUntil;
  if (step.id === "bake" && bakeEnd && isNow) return t.rich("timeLeft", { left: () => <Countdown until={bakeEnd} /> });
  const bakeUntil = step.id === "productionTraffic" && isNow ? newestStep(deployment)?.step.bakeUntil : null;
  if (bakeUntil) return t.rich("nextAt", { time: () => <ClockTime at={bakeUntil} precision="minute" /> });
  if (step.startedAt === null) return null;
  if (step.finishedAt === null && !isNow) return null;
  const { startedAt, finishedAt } = step;
  const elapsed = <Elapsed from={startedAt} to={finishedAt} />;
  return step.status === "AWAITING_ACTION" ? t.rich("waitingFor", { time: () => elapsed }) : elapsed;
}
