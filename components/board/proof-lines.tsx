import { useSaid, useTranslations } from "#translations";
import { secondsSaid } from "@/components/ui/format-time.ts";
import { StateIcon } from "@/components/ui/state-icon.tsx";
import type { Deployment, Proof } from "@/lib/domain/deployment/deployment.ts";
import { isVerifying } from "@/lib/domain/deployment/is-verifying.ts";
import { otherColor, type SlotColor } from "@/lib/domain/observation/slot.ts";
import { type Sentence, say } from "@/lib/domain/sentence/sentence.ts";

/** "Verified in 4.2 s", that it is being verified, or what is missing. */
export function proofSaid(proof: Proof, isUnderWay = false): Sentence {
  if (!proof.proven) return say(isUnderWay ? "board.proof.proving" : "board.proof.notProven");
  const ms = Math.max(proof.ruleReadBackMs, proof.firstRequestOnNewMs ?? 0, proof.lastRequestOnOldMs ?? 0);
  return say("board.proof.provenIn", { time: secondsSaid(ms) });
}

/** Which way traffic went when the verification was taken: a deployment that was rolled back verifies the way back. */
export function proofSides(deployment: Pick<Deployment, "from" | "to" | "status" | "plan">): {
  to: SlotColor;
  from: SlotColor;
} {
  const hasTurned = deployment.status === "ROLLBACK_SUCCESSFUL" || deployment.status === "ROLLBACK_FAILED";
  const to = deployment.plan?.shift?.to ?? (hasTurned ? deployment.from : deployment.to);
  return { to, from: otherColor(to) };
}

/** What was seen after a switch, each with its seconds; what was not seen says so. */
export function ProofLines({ deployment, proof }: { deployment: Deployment; proof: Proof }) {
  const t = useTranslations("board");
  const said = useSaid();
  const { to, from } = proofSides(deployment);
  const isUnderWay = isVerifying(deployment);
  const unseen = isUnderWay ? t("proof.notSeenYet") : t("proof.notSeen");
  const seen = (ms: number | undefined) => (ms === undefined ? unseen : said(secondsSaid(ms)));
  const lines: readonly (readonly [string, string])[] = [
    [t("proof.readBack"), said(secondsSaid(proof.ruleReadBackMs))],
    [t("proof.firstOn", { to }), seen(proof.firstRequestOnNewMs)],
    [t("proof.lastOn", { from }), seen(proof.lastRequestOnOldMs)],
    [
      t("proof.errorsBy", { to }),
      proof.failedRequests === undefined ? t("proof.notCounted") : String(proof.failedRequests),
    ],
  ];
  return (
    <div>
      <p className="flex items-center gap-2 font-semibold">
        <StateIcon shape={proof.proven ? "done" : isUnderWay ? "busy" : "warning"} />
        {said(proofSaid(proof, isUnderWay))}
      </p>
      <dl className="mt-0.5 grid grid-cols-[1fr_auto] gap-x-3 text-xs">
        {lines.map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-second">{name}</dt>
            <dd className="text-right font-medium">{value}</dd>
          </div>
        ))}
      </dl>
      {proof.note ? <p className="text-xs text-second">{said(proof.noteSaid, proof.note)}</p> : null}
    </div>
  );
}
