"use client";
import { versionOf } from "@/components/live/stage-words.ts";
import { Notice } from "@/components/ui/notice.tsx";
import { SlotMark, SplitBar } from "@/components/ui/slot-mark.tsx";
import { Age } from "@/components/ui/time.tsx";
import { otherColor } from "@/lib/domain/observation/slot.ts";
import type { Weights } from "@/lib/domain/observation/traffic.ts";
import type { Receipt } from "@/lib/domain/snapshot/receipt.ts";
import { ChangedNotice } from "./changed-notice.tsx";
import { shortArn } from "./driven-facts.ts";
import { IfNobodyAnswers } from "./gate-facts.tsx";
import { ReceiptWays } from "./receipt-ways.tsx";

/** What a receipt says: what stands in the way, the rule before and after, both sides as read, and what to know first. */
export function ReceiptFacts({
  receipt,
  changes,
  driver,
}: {
  receipt: Receipt;
  changes: readonly string[];
  driver: string;
}) {
  const { gate } = receipt;
  const from = otherColor(receipt.to);
  return (
    <div className="flex flex-col gap-3">
      <ChangedNotice
        title="Something changed since you looked. Nothing was switched; this is how it is now"
        changes={changes}
      />
      {receipt.blockers.map((blocker) => (
        <Notice key={blocker.code} tone="fault" compact title={blocker.message}>
          {blocker.fix}
        </Notice>
      ))}
      <div className="grid grid-cols-[1fr_auto_1fr] items-center gap-3 rounded-control border border-line p-3">
        <RuleState title="The rule now" weights={receipt.weights} />
        <span aria-hidden="true" className="text-second">
          to
        </span>
        <RuleState title={gate ? "The rule at the end" : "The rule after"} weights={receipt.weightsAfter} />
      </div>
      <ReceiptWays ways={receipt.waysIn ?? []} />
      {gate ? (
        <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 gap-y-0.5 rounded-control border border-line p-3 text-xs">
          <dt className="text-second">{driver} deployment</dt>
          <dd className="font-mono break-all">{shortArn(gate.deployment)}</dd>
          <dt className="text-second">Gate</dt>
          <dd>
            <span className="font-mono break-all">{gate.id}</span> at{" "}
            <span className="font-mono break-all">{gate.stage}</span>
          </dd>
          <dt className="text-second">Otherwise</dt>
          <dd className="font-semibold">
            <IfNobodyAnswers gate={gate} deployment={{ from, to: receipt.to }} driver={driver} />
          </dd>
        </dl>
      ) : null}
      <table className="w-full text-sm">
        <caption className="sr-only">Both sides as read for this receipt</caption>
        <thead className="text-xs text-second">
          <tr>
            <th scope="col">Side</th>
            <th scope="col">Runs</th>
            <th scope="col" className="text-right">
              Healthy targets
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
                        ? "gets all traffic"
                        : gate
                          ? `kept by ${driver} until its end`
                          : "stays warm"}
                    </span>
                  </span>
                </th>
                <td className="font-semibold" title={revision?.image}>
                  {revision ? versionOf(revision) : "nothing"}
                </td>
                <td className="text-right font-semibold">{receipt.healthy[color]}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {receipt.warnings.map((warning) => (
        <Notice key={warning} tone="warning" compact title={warning} />
      ))}
      <p className="text-xs text-second">
        Read from AWS <Age at={receipt.observedAt} fine /> ago, receipt{" "}
        <span className="font-mono">{receipt.hash.slice(0, 12)}</span>
      </p>
    </div>
  );
}

function RuleState({ title, weights }: { title: string; weights: Weights }) {
  return (
    <div className="min-w-0">
      <p className="text-2xs text-second">{title}</p>
      <SplitBar blue={weights.blue} green={weights.green} />
      <p className="mt-1 font-semibold">
        blue {weights.blue}, green {weights.green}
      </p>
    </div>
  );
}
