import Link from "next/link";
import { useSaid, useTranslations } from "#translations";
import { startedOutside } from "@/components/board/driven-facts.ts";
import { proofSaid } from "@/components/board/proof-lines.tsx";
import { endShape, statusSaid, titleSaid, versionOf } from "@/components/live/stage-words.ts";
import type { Translator } from "@/components/messages/translator.ts";
import { cutMiddle } from "@/components/ui/cut-middle.ts";
import { type Column, ROW_CELLS, ScrollTable } from "@/components/ui/scroll-table.tsx";
import { SlotMark } from "@/components/ui/slot-mark.tsx";
import { StateIcon } from "@/components/ui/state-icon.tsx";
import { ClockTime, Elapsed } from "@/components/ui/time.tsx";
import { nameSaid } from "@/lib/domain/access/person-name.ts";
import { type Deployment, isInFlight } from "@/lib/domain/deployment/deployment.ts";

const columnsIn = (t: Translator<"deployments">): readonly Column[] => [
  { name: t("column.deployment") },
  { name: t("column.outcome") },
  { name: t("column.change"), className: "max-md:hidden" },
  { name: t("column.by"), className: "max-sm:hidden" },
  { name: t("fact.reason"), className: "max-lg:hidden" },
  { name: t("fact.took"), className: "text-right max-sm:hidden" },
  { name: t("fact.started"), className: "text-right" },
];

/** Deployments, newest first: what, who, why, how it ended, how long it took. */
export function DeploymentTable({ deployments }: { deployments: readonly Deployment[] }) {
  const t = useTranslations("deployments");
  return (
    <ScrollTable label={t("title")} order={t("order")} columns={columnsIn(t)}>
      {deployments.map((deployment) => (
        <Row key={deployment.id} deployment={deployment} />
      ))}
    </ScrollTable>
  );
}

/** "blue 1.0.0 to green 1.1.0". */
function changeWords(
  t: Translator<"deployments">,
  { from, to, fromRevision, revision }: Deployment,
  nameOf: (name: string) => string,
): string {
  const words = (each: Deployment["revision"] | null) => (each ? nameOf(versionOf(each)) : t("nothing"));
  return t("change", { from, old: words(fromRevision), to, next: words(revision) });
}

function Row({ deployment }: { deployment: Deployment }) {
  const t = useTranslations("deployments");
  const said = useSaid();
  const { to, proof } = deployment;
  return (
    <tr className={`relative border-b border-line last:border-b-0 hover:bg-soft [&>*]:py-2.5 ${ROW_CELLS}`}>
      <th scope="row">
        <Link
          href={`/${encodeURIComponent(deployment.application)}/deployments/${deployment.id}`}
          prefetch={false}
          className="flex items-center gap-2 font-semibold after:absolute after:inset-0"
        >
          <SlotMark color={to} size={18} />
          {said(titleSaid(deployment))}
        </Link>
      </th>
      <td>
        <span className="flex items-center gap-2">
          <StateIcon shape={isInFlight(deployment) ? "busy" : endShape(deployment)} />
          <span>
            {said(statusSaid(deployment))}
            {proof?.proven ? <span className="text-second">, {said(proofSaid(proof)).toLowerCase()}</span> : null}
          </span>
        </span>
      </td>
      <td className="text-xs text-second max-md:hidden" title={changeWords(t, deployment, (name) => name)}>
        {changeWords(t, deployment, cutMiddle)}
      </td>
      <td className="text-xs max-sm:hidden">
        {said(startedOutside(deployment) ?? nameSaid(deployment.actor.name, deployment.actor.via))}
      </td>
      <td className="max-w-[260px] truncate text-xs text-second max-lg:hidden" title={deployment.reason ?? undefined}>
        {deployment.reason}
      </td>
      <td className="text-right text-xs max-sm:hidden">
        <Elapsed from={deployment.startedAt} to={deployment.finishedAt} />
      </td>
      <td className="text-right text-xs whitespace-nowrap text-second">
        <ClockTime at={deployment.startedAt} precision="day" />
      </td>
    </tr>
  );
}
