import { useSaid, useTranslations } from "#translations";
import { ClockTime } from "@/components/ui/time.tsx";
import type { Deployment } from "@/lib/domain/deployment/deployment.ts";

/** What a deployment waits for, since when, and what happens when that does not come. */
export function WaitingLine({ deployment }: { deployment: Pick<Deployment, "waiting"> }) {
  const t = useTranslations("board");
  const said = useSaid();
  const { waiting } = deployment;
  if (!waiting) return null;
  const outcome = said(waiting.outcomeSaid, waiting.outcome);
  return (
    <p className="text-xs break-words text-second">
      {t.rich("waiting", {
        what: said(waiting.forSaid, waiting.for),
        since: () => <ClockTime at={waiting.since} precision="minute" />,
        outcome: outcome.charAt(0).toUpperCase() + outcome.slice(1),
        until: () => <ClockTime at={waiting.until} precision="minute" />,
        b: (chunks) => <span className="font-medium">{chunks}</span>,
      })}
    </p>
  );
}
