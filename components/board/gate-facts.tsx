import { ClockTime } from "@/components/ui/time.tsx";
import type { Deployment, FollowedGate } from "@/lib/domain/deployment/deployment.ts";
import { expiryWords } from "@/lib/domain/deployment/gate-words.ts";

/** "If nobody answers by 03:10 ECS rolls back: blue stays live". */
export function IfNobodyAnswers({
  gate,
  deployment,
  driver,
}: {
  gate: FollowedGate;
  deployment: Pick<Deployment, "from" | "to">;
  driver: string;
}) {
  if (gate.expiresAt === null) return <>{driver} does not tell when its gate ends</>;
  return (
    <>
      If nobody answers by <ClockTime at={gate.expiresAt} precision="minute" /> {expiryWords(gate, deployment, driver)}
    </>
  );
}
