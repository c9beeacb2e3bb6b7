"use client";
import { useRouter } from "next/navigation";
import { useSaid, useTranslations } from "#translations";
import { Button } from "@/components/ui/button.tsx";
import { driverName } from "@/lib/domain/deployment/gate-words.ts";
import { actionFor, choosePrimaryAction, offeredSwitch, refusalWords } from "./board-facts.ts";
import type { ButtonProps } from "./button-props.ts";
import { isDriven, isOffered } from "./driven-facts.ts";
import { RetireButton } from "./retire-button.tsx";

/** The other things that can be done now, small and outlined. */
export function SecondaryButtons({ snapshot, role, actions, runner, onSwitch }: Omit<ButtonProps, "sent">) {
  const said = useSaid();
  const t = useTranslations("board");
  const router = useRouter();
  const primary = choosePrimaryAction(snapshot);
  const { deployment } = snapshot;
  const reason = (verb: "abort" | "extend" | "deploy" | "switch") => {
    const state = actionFor(snapshot, verb, role);
    return state.allowed ? null : refusalWords(said, state);
  };
  const other = primary?.verb === "switch" ? null : offeredSwitch(snapshot);
  const isBusy = runner.running !== null;
  const kept = snapshot.openWindow;
  return (
    <div className="flex flex-wrap gap-2 empty:hidden">
      {deployment && snapshot.actions.abort.allowed && !snapshot.actions.rollback.allowed ? (
        <Button
          size="small"
          blocked={reason("abort")}
          busy={isBusy}
          onClick={() => void runner.run(t("abort"), () => actions.abort({ deploymentId: deployment.id }))}
        >
          {isDriven(snapshot) ? t("haveRollBack", { driver: driverName(snapshot.controller) }) : t("abort")}
        </Button>
      ) : null}
      {kept && isOffered(snapshot, "extend") && snapshot.actions.extend.allowed ? (
        <Button
          size="small"
          blocked={reason("extend")}
          busy={isBusy}
          onClick={() =>
            void runner.run(t("extend"), () => actions.extend({ deploymentId: kept.deploymentId, minutes: 30 }))
          }
        >
          {t("keepLonger", { keeps: kept.keeps })}
        </Button>
      ) : null}
      {other ? (
        <Button size="small" blocked={reason("switch")} busy={isBusy} onClick={() => onSwitch(other)}>
          {t("switchTo", { to: other })}
        </Button>
      ) : null}
      {!deployment && primary?.verb !== "deploy" ? (
        <Button
          size="small"
          blocked={reason("deploy")}
          busy={isBusy}
          onClick={() => router.push(`/${snapshot.name}/deploy`)}
        >
          {t("deployNew")}
        </Button>
      ) : null}
      {isDriven(snapshot) ? null : <RetireButton snapshot={snapshot} role={role} actions={actions} runner={runner} />}
    </div>
  );
}
