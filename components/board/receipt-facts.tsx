"use client";
import { useSaid, useTranslations } from "#translations";
import { versionOf } from "@/components/live/stage-words.ts";
import { Notice } from "@/components/ui/notice.tsx";
import { SlotMark, SplitBar } from "@/components/ui/slot-mark.tsx";
import { Age } from "@/components/ui/time.tsx";
import { otherColor } from "@/lib/domain/observation/slot.ts";
import type { Weights } from "@/lib/domain/observation/traffic.ts";
import type { Sentence } from "@/lib/domain/sentence/sentence.ts";
import { isCalm } from "@/lib/domain/snapshot/is-calm.ts";
import type { Receipt } from "@/lib/domain/snapshot/receipt.ts";
import { shortName } from "@/lib/domain/text/short-name.ts";
import { ChangedNotice } from "./changed-notice.tsx";

import { IfNobodyAnswers } from "./gate-facts.tsx";
import { ReceiptWays } from "./receipt-ways.tsx";

/** What a receipt says: what stands in the way, the rule before and after, both sides as read, and what to know first. */
export function ReceiptFacts({
  receipt,
  changes,
  driver,
}: {
  receipt: Receipt;
  changes: readonly Sentence[];
  driver: string;
}) {
  const said = useSaid();
  const t = useTranslations("board");
  const { gate } = receipt;
  const from = otherColor(receipt.to);
  return (
    <div className="flex flex-col gap-3">
      <ChangedNotice title={t("receipt.changed")} changes={changes} />
      {receipt.blockers.map((blocker) => (
        <Notice key={blocker.code} tone="fault" compact title={said(blocker.said, blocker.message)}>
          {said(blocker.fixSaid, blocker.fix ?? "")}
        </Notice>
      ))}
      <div className="grid grid-cols-[1fr_auto_1fr] items-center gap-3 rounded-control border border-line p-3">
        <RuleState title={t("receipt.ruleNow")} weights={receipt.weights} />
        <span aria-hidden="true" className="text-second">
          {t("receipt.to")}
        </span>
        <RuleState title={gate ? t("receipt.ruleAtEnd") : t("receipt.ruleAfter")} weights={receipt.weightsAfter} />
      </div>
      <ReceiptWays ways={receipt.waysIn ?? []} />
      {gate ? (
        <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 gap-y-0.5 rounded-control border border-line p-3 text-xs">
          <dt className="text-second">{t("receipt.driverDeployment", { driver })}</dt>
          <dd className="font-mono break-all">{shortName(gate.deployment)}</dd>
          <dt className="text-second">{t("receipt.gate")}</dt>
          <dd>
            {t.rich("receipt.gateAt", {
              id: gate.id,
              span: (chunks) => <span className="font-mono break-all">{chunks}</span>,
              stage: gate.stage,
              span2: (chunks) => <span className="font-mono break-all">{chunks}</span>,
            })}
          </dd>
          <dt className="text-second">{t("receipt.otherwise")}</dt>
          <dd className="font-semibold">
            <IfNobodyAnswers
              gate={gate}
              deployment={{ from, to: receipt.to, rollout: receipt.rollout }}
              driver={driver}
              hasMoved={receipt.weights[receipt.to] > 0}
            />
          </dd>
        </dl>
      ) : null}
      <table className="w-full text-sm">
        <caption className="sr-only">{t("receipt.sidesCaption")}</caption>
        <thead className="text-xs text-second">
          <tr>
            <th scope="col">{t("receipt.side")}</th>
            <th scope="col">{t("receipt.runs")}</th>
            <th scope="col" className="text-right">
              {t("receipt.healthyTargets")}
            </th>
          </tr>
        </thead>
        <tbody>
          {[receipt.to, from].map((color) => {
            const revision = receipt.revisions[color];
            return (
              <tr key={color} className="border-t border-line">
                <th scope="row" className="py-1.5">
                  <span className="flex items-center gap-2">
                    <SlotMark color={color} size={16} />
                    {color}
                    <span className="text-second">
                      {color === receipt.to
                        ? t("receipt.getsAll")
                        : gate
                          ? t("receipt.keptBy", { driver })
                          : t("receipt.staysWarm")}
                    </span>
                  </span>
                </th>
                <td className="font-semibold" title={revision?.image}>
                  {revision ? versionOf(revision) : t("nothing")}
                </td>
                <td className="text-right font-semibold">{receipt.healthy[color]}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {receipt.warnings.map((warning, place) => {
        const words = said(receipt.warningsSaid?.[place], warning);
        return isCalm(receipt.warningsSaid?.[place]) ? (
          <p key={warning} className="text-xs text-second">
            {words}
          </p>
        ) : (
          <Notice key={warning} tone="warning" compact title={words} />
        );
      })}
      <p className="text-xs text-second">
        {t.rich("receipt.readFrom", {
          age: () => <Age at={receipt.observedAt} fine />,
          hash: receipt.hash.slice(0, 12),
          span: (chunks) => <span className="font-mono">{chunks}</span>,
        })}
      </p>
    </div>
  );
}

function RuleState({ title, weights }: { title: string; weights: Weights }) {
  const t = useTranslations("board");
  return (
    <div className="min-w-0">
      <p className="text-2xs text-second">{title}</p>
      <SplitBar blue={weights.blue} green={weights.green} />
      <p className="mt-1 font-semibold">{t("weights", { blue: weights.blue, green: weights.green })}</p>
    </div>
  );
}
