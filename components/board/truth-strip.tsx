"use client";
import { type ReactNode, useState } from "react";
import { useSaid, useTranslations } from "#translations";
import { statusSaid } from "@/components/live/stage-words.ts";
import { useNow } from "@/components/ui/clock.tsx";
import { SplitBar } from "@/components/ui/slot-mark.tsx";
import { StateIcon } from "@/components/ui/state-icon.tsx";
import { Age } from "@/components/ui/time.tsx";
import { driverName } from "@/lib/domain/deployment/gate-words.ts";
import type { Weights } from "@/lib/domain/observation/traffic.ts";
import type { ApplicationSnapshot } from "@/lib/domain/snapshot/snapshot.ts";
import { AGREEMENT_SHAPES, agreement, OLD_MS } from "./agreement.ts";
import { recordedWeights } from "./board-facts.ts";
import { awsWeights, isApart, isDriven } from "./driven-facts.ts";
import { judgeRequests, requestsReading } from "./request-facts.ts";
import { SourceAges } from "./source-ages.tsx";
import { WaysInRow } from "./ways-in-row.tsx";

/**
 * Three readings of where traffic goes, side by side, and whether they agree. What nobody measured is called unknown; a
 * disagreement has a line of its own, and is said out loud. `aside` stands at the end of that line, which is always there.
 */
export function TruthStrip({ snapshot, aside }: { snapshot: ApplicationSnapshot; aside?: ReactNode }) {
  const t = useTranslations("board");
  const said = useSaid();
  const { traffic } = snapshot;
  const recorded = recordedWeights(snapshot);
  const now = useNow(1000);
  const says = awsWeights(snapshot);
  const apartSince = useApartSince(snapshot, now);
  const verdict = agreement(snapshot, judgeRequests(snapshot, now), now, apartSince);
  const requests = requestsReading(snapshot, now);
  const isOld = now - traffic.readAt > OLD_MS;
  const isWrong = verdict.state === "disagree";
  return (
    <section
      aria-label={t("whereTrafficGoes")}
      className={`card grid shrink-0 grid-cols-2 lg:grid-cols-[1fr_1fr_1fr_188px] ${isWrong ? "border-fault" : ""}`}
    >
      {isDriven(snapshot) ? (
        <Reading
          title={t("reading.driverSays", { driver: driverName(snapshot.controller) })}
          weights={says?.weights ?? null}
          unknown={t("nothingYet")}
          hint={says?.words}
        >
          {says?.words}
        </Reading>
      ) : (
        <Reading
          title={t("reading.deploymentSays")}
          weights={recorded?.weights ?? null}
          unknown={t("reading.noDeployment")}
          hint={recorded ? said(statusSaid(recorded.deployment)) : undefined}
        >
          {recorded ? said(statusSaid(recorded.deployment)) : null}
        </Reading>
      )}
      <Reading
        title={
          isDriven(snapshot)
            ? t("reading.holds", { name: traffic.name })
            : t("reading.listenerHolds", { name: traffic.name })
        }
        weights={traffic.live === "unknown" ? null : traffic.weights}
        unknown={t("reading.noWeight")}
      >
        <span className={isOld ? "text-warning" : ""}>
          {t.rich("reading.readAgo", { age: () => <Age at={traffic.readAt} fine /> })}
        </span>
      </Reading>
      <Reading
        title={said(requests.title)}
        weights={requests.weights}
        unknown={requests.unknown ? said(requests.unknown) : ""}
        hint={requests.words ? said(requests.words) : ""}
      >
        {requests.words ? said(requests.words) : ""}
      </Reading>
      <div className="min-w-0 px-3.5 py-2.5 max-lg:border-t max-lg:border-line">
        <h2 className="text-2xs text-second">{t("agreement")}</h2>
        <p className={`flex items-center gap-2 font-semibold ${isWrong ? "text-fault" : ""}`}>
          <StateIcon shape={AGREEMENT_SHAPES[verdict.state]} />
          <span title={verdict.detail && said(verdict.detail)}>{said(verdict.words)}</span>
        </p>
        <p role="status" className="sr-only">
          {said(verdict.spoken)}
        </p>
      </div>
      {/* Always there, so that nothing below moves when it has something to say. */}
      <div
        className={`col-span-full flex min-h-[29px] flex-wrap justify-between gap-x-5 border-t px-3.5 py-1 text-xs leading-5 ${isWrong ? "border-fault font-medium text-fault" : "border-line text-second"}`}
      >
        <p className="min-w-0 break-words">{verdict.detail ? said(verdict.detail) : t(`calm.${verdict.state}`)}</p>
        {aside}
      </div>
      <div className="col-span-full flex min-h-[29px] flex-wrap gap-x-5 border-t border-line px-3.5 py-1">
        <WaysInRow ways={snapshot.waysIn ?? []} />
        <SourceAges snapshot={snapshot} />
      </div>
    </section>
  );
}

/** Since when AWS has said these weights while the rule holds those; null while they are the same. */
function useApartSince(snapshot: ApplicationSnapshot, now: number): number | null {
  const { green } = snapshot.traffic.weights;
  const key = isApart(snapshot) ? `${awsWeights(snapshot)?.weights.green} ${green}` : null;
  const [apart, setApart] = useState<{ key: string | null; since: number }>({ key: null, since: now });
  if (apart.key !== key) setApart({ key, since: now });
  return key === null ? null : apart.key === key ? apart.since : now;
}

function Reading({
  title,
  weights,
  unknown,
  hint,
  children,
}: {
  title: string;
  weights: Weights | null;
  unknown: string;
  hint?: string;
  children?: ReactNode;
}) {
  return (
    <div className="min-w-0 border-line px-3.5 py-2.5 max-lg:odd:border-r max-lg:[&:nth-child(n+3)]:border-t lg:border-r">
      <h2 className="truncate text-2xs text-second" title={title}>
        {title}
      </h2>
      {/* Where it is narrow the words go under the figures: beside them they would be cut. */}
      <div className="flex min-h-5 flex-wrap items-center gap-x-3 lg:h-5 lg:flex-nowrap">
        <span className="w-[110px] shrink-0 max-sm:hidden">
          <SplitBar blue={weights?.blue ?? 0} green={weights?.green ?? 0} />
        </span>
        <span className="shrink-0 font-semibold max-sm:w-full">
          {weights ? (
            <>
              <span className="sr-only">blue </span>
              {weights.blue} / <span className="sr-only">green </span>
              {weights.green}
            </>
          ) : (
            unknown
          )}
        </span>
        <span className="min-w-0 text-second max-lg:w-full max-lg:text-xs max-lg:break-words lg:truncate" title={hint}>
          {children}
        </span>
      </div>
    </div>
  );
}
