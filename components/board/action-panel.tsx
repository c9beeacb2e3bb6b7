"use client";
import { useTranslations } from "#translations";
import { driverName } from "@/lib/domain/deployment/gate-words.ts";
import type { ApplicationSnapshot } from "@/lib/domain/snapshot/snapshot.ts";
import { Alarms } from "./alarms.tsx";
import { choosePrimaryAction, isRollbackInBar, standbyColor } from "./board-facts.ts";
import type { ButtonProps } from "./button-props.ts";
import { DeploymentBody, DeploymentHead } from "./deployment-summary.tsx";
import { isDriven } from "./driven-facts.ts";
import { OverrideEntry } from "./override-entry.tsx";
import { PrimaryButton } from "./primary-button.tsx";
import { ProblemNotice } from "./problem-notice.tsx";
import { RollbackButton } from "./rollback-button.tsx";
import { SecondaryButtons } from "./secondary-buttons.tsx";
import { SentNotice } from "./sent-notice.tsx";
import { SwitchFacts } from "./switch-facts.tsx";
import { UndoOffer } from "./undo-offer.tsx";
import { WatchedAlarms } from "./watched-alarms.tsx";

/** What is under way, what a switch would do, and the actions: the primary one, and the way back at the foot. */
export function ActionPanel(props: ButtonProps) {
  const { snapshot, runner } = props;
  const shown = snapshot.deployment ?? snapshot.lastDeployment;
  const primary = choosePrimaryAction(snapshot);
  const isRollbackPrimary = primary?.verb === "rollback";
  return (
    <section
      aria-labelledby="action-heading"
      className="card flex min-h-0 min-w-0 flex-col -outline-offset-2 max-md:order-5 md:max-lg:col-span-2 lg:overflow-y-auto"
    >
      {/* It gives the row no height of its own and scrolls instead, so that no line of it moves what is pressed below. */}
      <div className="fade-foot min-h-0 flex-1 overflow-y-auto px-3.5 pt-3 pb-3 -outline-offset-2 lg:min-h-56 lg:basis-[0px]">
        <div className="max-md:hidden">
          <Alarms snapshot={snapshot} />
        </div>
        <div className="max-lg:hidden">
          <UndoOffer snapshot={snapshot} onSwitch={props.onSwitch} />
        </div>
        <WatchedAlarms alarms={snapshot.watchedAlarms ?? []} />
        {shown ? <DeploymentHead deployment={shown} /> : <AtRest snapshot={snapshot} />}
        {shown ? <DeploymentBody deployment={shown} snapshot={snapshot} /> : null}
        <OverrideEntry {...props} />
      </div>
      <div className="flex flex-col gap-2.5 px-3.5 pt-2 pb-3">
        <div className="flex flex-col gap-2 max-lg:hidden empty:hidden">
          <SentNotice application={snapshot.name} runner={runner} sent={props.sent} />
          <ProblemNotice problem={runner.problem} />
        </div>
        {/* Heights are kept while there is nothing to press, so that nothing above moves when a button comes or goes, nor above the way back when two stand in two rows. */}
        <div className="flex min-h-10 flex-col gap-2.5 max-lg:hidden">
          <PrimaryButton {...props} idPrefix="panel" />
        </div>
        <div className={isRollbackPrimary ? "lg:min-h-16" : "lg:min-h-7"}>
          <SecondaryButtons {...props} />
        </div>
        {isRollbackPrimary ? null : (
          <div className={`mt-1 ${isRollbackInBar(snapshot) ? "max-lg:hidden" : ""}`}>
            <RollbackButton {...props} idPrefix="panel-foot" primaryId="panel" />
          </div>
        )}
      </div>
    </section>
  );
}

function AtRest({ snapshot }: { snapshot: ApplicationSnapshot }) {
  const t = useTranslations("board");
  const driver = driverName(snapshot.controller);
  const standby = standbyColor(snapshot);
  return (
    <>
      <h2 id="action-heading" tabIndex={-1} className="mb-1.5 font-semibold">
        {t("nothingUnderWay")}
      </h2>
      {standby ? (
        <>
          <p className="mb-2.5 text-xs text-second">
            {isDriven(snapshot) ? t("atRestDriven", { standby, driver }) : t("atRest", { standby })}
          </p>
          {isDriven(snapshot) ? null : <SwitchFacts snapshot={snapshot} />}
        </>
      ) : (
        <p className="text-xs text-second">{t("noStandby")}</p>
      )}
    </>
  );
}
