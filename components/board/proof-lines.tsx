import { formatSeconds } from "@/components/ui/format-time.ts";
import { StateIcon } from "@/components/ui/state-icon.tsx";
import type { Deployment, Proof } from "@/lib/domain/deployment.ts";

/** "Proven in 4.2 s", or what is missing. */
export function proofTitle(proof: Proof): string {
  if (!proof.proven) return "Switched, not proven";
  const ms = Math.max(proof.ruleReadBackMs, proof.firstRequestOnNewMs ?? 0, proof.lastRequestOnOldMs ?? 0);
  return `Proven in ${formatSeconds(ms)}`;
}

/** What was seen after a switch, each with its seconds; what was not seen says so. */
export function ProofLines({ deployment }: { deployment: Pick<Deployment, "from" | "to"> & { proof: Proof } }) {
  const { proof, to, from } = deployment;
  const seen = (ms: number | undefined) => (ms === undefined ? "not seen" : formatSeconds(ms));
  const lines: readonly (readonly [string, string])[] = [
    ["Rule reads back as asked", formatSeconds(proof.ruleReadBackMs)],
    [`First request on ${to}`, seen(proof.firstRequestOnNewMs)],
    [`Last request on ${from}`, seen(proof.lastRequestOnOldMs)],
    [`Answered 5xx by ${to}`, proof.failedRequests === undefined ? "not counted" : String(proof.failedRequests)],
  ];
  return (
    <div>
      <p className="flex items-center gap-2 font-semibold">
        <StateIcon shape={proof.proven ? "done" : "warning"} />
        {proofTitle(proof)}
      </p>
      <dl className="mt-0.5 grid grid-cols-[1fr_auto] gap-x-3 text-xs">
        {lines.map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-second">{name}</dt>
            <dd className="text-right font-medium">{value}</dd>
          </div>
        ))}
      </dl>
      {proof.note ? <p className="text-xs text-second">{proof.note}</p> : null}
    </div>
  );
}
