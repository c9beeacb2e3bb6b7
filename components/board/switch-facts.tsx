import { useSaid, useTranslations } from "#translations";
import { type Fact, FactList } from "@/components/ui/fact-list.tsx";
import { ClockTime } from "@/components/ui/time.tsx";
import { type Deployment, isAwaitingSwitch } from "@/lib/domain/deployment/deployment.ts";
import { driverName } from "@/lib/domain/deployment/gate-words.ts";
import { otherColor, type SlotColor } from "@/lib/domain/observation/slot.ts";
import { timeLimitSaid } from "@/lib/domain/rules/approval-rules.ts";
import type { ApplicationSnapshot } from "@/lib/domain/snapshot/snapshot.ts";
import { healthSaid, ruleChange, standbyColor, stickySaid } from "./board-facts.ts";
import { IfNobodyAnswers } from "./gate-facts.tsx";

function IfNobodyActs({ deployment, to, driver }: { deployment: Deployment | null; to: SlotColor; driver: string }) {
  const said = useSaid();
  const t = useTranslations("board");
  const gate = deployment?.aws?.gate;
  const expiresAt = deployment?.approval?.state === "waiting" ? deployment.approval.expiresAt : null;
  if (deployment && gate && (expiresAt === null || (gate.expiresAt !== null && gate.expiresAt < expiresAt)))
    return <IfNobodyAnswers gate={gate} deployment={deployment} driver={driver} />;
  if (!deployment || expiresAt === null) return <>{t("staysLive", { side: otherColor(to) })}</>;
  return (
    <>
      {t.rich("atTime", {
        time: () => <ClockTime at={expiresAt} precision="minute" />,
        what: said(timeLimitSaid(deployment)),
      })}
    </>
  );
}

/** What a switch would change, and what happens when nobody makes it. */
export function SwitchFacts({ snapshot }: { snapshot: ApplicationSnapshot }) {
  const said = useSaid();
  const t = useTranslations("board");
  const to = snapshot.deployment?.to ?? standbyColor(snapshot);
  if (!to) return null;
  const slot = snapshot.slots[to];
  const isWaiting = snapshot.deployment !== null && isAwaitingSwitch(snapshot.deployment);
  const { test } = snapshot.traffic;
  const preview =
    test?.url && snapshot.deployment && test.weights[to] > 0 && test.weights[otherColor(to)] === 0 ? (
      <a
        href={test.url}
        target="_blank"
        rel="noreferrer"
        className="inline-flex items-center underline underline-offset-2"
      >
        {test.takes
          ? t("throughWith", { to, name: test.name, takes: said(test.takesSaid, test.takes) })
          : t("through", { to, name: test.name })}
      </a>
    ) : null;
  const facts: readonly Fact[] = [
    [t("fact.rule"), said(ruleChange(snapshot.traffic.weights, to))],
    [t("fact.healthy"), said(healthSaid(slot, snapshot.observedAt))],
    [t("fact.sticky"), said(stickySaid(snapshot, otherColor(to)))],
    ...(preview ? [[t("fact.preview"), preview] as const] : []),
    ...(isWaiting
      ? [
          [
            t("fact.ifNobodyActs"),
            <IfNobodyActs key="if" deployment={snapshot.deployment} to={to} driver={driverName(snapshot.controller)} />,
          ] as const,
        ]
      : []),
  ];
  return <FactList facts={facts} className="text-xs leading-[17px]" />;
}
