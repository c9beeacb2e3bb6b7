import { useTranslations } from "#translations";
import { leverOf } from "@/lib/domain/application/lever.ts";
import type { ApplicationSnapshot } from "@/lib/domain/snapshot/snapshot.ts";
import type { Verb } from "@/lib/domain/verb/verb.ts";
import { isDriven } from "./driven-facts.ts";

/** The same within a sentence. */
export function LeverWords({ snapshot, verb }: { snapshot: ApplicationSnapshot; verb: Verb }) {
  const t = useTranslations("board");
  const lever = leverOf(snapshot.controller, verb, snapshot.deployment !== null);
  return lever === null
    ? null
    : t.rich("calls", { lever, span: (chunks) => <span className="font-mono">{chunks}</span> });
}

/** Which lever of AWS's the button pulls; nothing where Switchyard moves the traffic itself. */
export function LeverLine({ snapshot, verb }: { snapshot: ApplicationSnapshot; verb: Verb }) {
  if (!isDriven(snapshot)) return null;
  return (
    <p className="mt-1 text-center text-2xs text-second">
      <LeverWords snapshot={snapshot} verb={verb} />
    </p>
  );
}
