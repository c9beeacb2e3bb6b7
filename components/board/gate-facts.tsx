import { useSaid, useTranslations } from "#translations";
import { ClockTime } from "@/components/ui/time.tsx";
import type { Deployment, FollowedGate } from "@/lib/domain/deployment/deployment.ts";
import { expirySaid } from "@/lib/domain/deployment/gate-words.ts";

/** "If nobody answers by 03:10 ECS rolls back: blue stays live". */
export function IfNobodyAnswers({
  gate,
  deployment,
  driver,
  hasMoved,
}: {
  gate: FollowedGate;
  deployment: Pick<Deployment, "from" | "to"> & Partial<Pick<Deployment, "stages" | "rollout">>;
  driver: string;
  /** Where it is known better than by its stages: whether some traffic is on the new side. */
  hasMoved?: boolean;
}) {
  const said = useSaid();
  const t = useTranslations("board");
  if (gate.expiresAt === null) return <>{t("gateEndUnknown", { driver })}</>;
  const time = <ClockTime at={gate.expiresAt} precision="minute" />;
  return (
    <>{t.rich("ifNobodyAnswers", { time: () => time, what: said(expirySaid(gate, deployment, driver, hasMoved)) })}</>
  );
}
