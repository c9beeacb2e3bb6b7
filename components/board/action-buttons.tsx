"use client";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useSaid, useTranslations } from "#translations";
import { ManualCommandsDialog } from "@/components/manual-commands/manual-commands-dialog.tsx";
import { Button } from "@/components/ui/button.tsx";
import { buttonLook } from "@/components/ui/button-look.ts";
import { SlotMark } from "@/components/ui/slot-mark.tsx";
import type { Role } from "@/lib/domain/access/role.ts";
import type { Deployment } from "@/lib/domain/deployment/deployment.ts";
import { driverName } from "@/lib/domain/deployment/gate-words.ts";
import type { SlotColor } from "@/lib/domain/observation/slot.ts";
import { approvalAskedAt } from "@/lib/domain/rules/approval-rules.ts";
import type { ApplicationSnapshot } from "@/lib/domain/snapshot/snapshot.ts";
import type { BoardActions } from "./board-actions.ts";
import {
  actionFor,
  blockerWords,
  choosePrimaryAction,
  firstRefusal,
  isSameBlocker,
  offeredSwitch,
  refusalWords,
} from "./board-facts.ts";
import { CloseWindowButton } from "./close-window.tsx";
import { isDriven, isOffered, switchSaid } from "./driven-facts.ts";
import { LeverLine } from "./lever-line.tsx";
import { RetireButton } from "./retire-button.tsx";
import { RollbackCost } from "./rollback-cost.tsx";
import { RollbackForm } from "./rollback-form.tsx";
import type { useSent } from "./sent-notice.tsx";
import type { ActionRunner } from "./use-action.ts";

/** Everything the buttons need; the panel and the phone's bar share it. */
export interface ButtonProps {
  snapshot: ApplicationSnapshot;
  role: Role | null;
  actions: BoardActions;
  runner: ActionRunner;
  sent: ReturnType<typeof useSent>;
  /** Idempotency key of forms that are sent without the page's script. */
  formKey: string;
  onSwitch: (to: SlotColor) => void;
  onCloseWindow: () => void;
}

/** The one primary action in words, with what is in its way under it. */
export function PrimaryButton({
  snapshot,
  role,
  actions,
  runner,
  formKey,
  onSwitch,
  onCloseWindow,
  idPrefix,
}: Omit<ButtonProps, "sent"> & { idPrefix: string }) {
  const said = useSaid();
  const t = useTranslations("board");
  const router = useRouter();
  const primary = choosePrimaryAction(snapshot);
  if (!primary) return null;
  if (primary.verb === "rollback")
    return (
      <RollbackButton
        snapshot={snapshot}
        role={role}
        actions={actions}
        runner={runner}
        formKey={formKey}
        look="primary"
        idPrefix={idPrefix}
      />
    );
  if (primary.verb === "retire")
    return (
      <CloseWindowButton
        snapshot={snapshot}
        role={role}
        isBusy={runner.running !== null}
        onOpen={onCloseWindow}
        idPrefix={idPrefix}
      />
    );
  const { deployment } = snapshot;
  if (primary.verb === "switch" && deployment && approvalAskedAt(deployment) !== null)
    return <ReviewButton snapshot={snapshot} role={role} deployment={deployment} idPrefix={idPrefix} />;
  const state = actionFor(snapshot, primary.verb, role);
  const blocked = state.allowed ? null : (firstRefusal(said, state) ?? t("notPossible"));
  const reasonId = `${idPrefix}-primary-reason`;
  if (primary.verb === "deploy" && !blocked && runner.running === null) return <DeployLink snapshot={snapshot} />;
  return (
    <div>
      <Button
        look="primary"
        size="large"
        wide
        blocked={blocked}
        reasonId={blocked ? reasonId : undefined}
        busy={runner.running !== null}
        onClick={() => (primary.verb === "switch" ? onSwitch(primary.to) : router.push(`/${snapshot.name}/deploy`))}
      >
        {primary.verb === "switch" ? said(switchSaid(snapshot, primary.to)) : t("deployNew")}
        {primary.verb === "switch" ? <SlotMark color={primary.to} size={18} dimmed={blocked !== null} /> : null}
      </Button>
      {blocked ? (
        <ul id={reasonId} className="mt-1 text-xs text-second">
          {state.blockers.slice(0, 2).map((blocker) => (
            <li key={blocker.code} className="break-words">
              {blockerWords(said, blocker)}
            </li>
          ))}
        </ul>
      ) : (
        <LeverLine snapshot={snapshot} verb={primary.verb} />
      )}
    </div>
  );
}

/** A link, so that it works before and without the page's script. */
function DeployLink({ snapshot }: Pick<ButtonProps, "snapshot">) {
  const t = useTranslations("board");
  return (
    <div>
      <Link
        href={`/${encodeURIComponent(snapshot.name)}/deploy`}
        className={`${buttonLook("primary", "large")} w-full`}
      >
        {t("deployNew")}
      </Link>
      <LeverLine snapshot={snapshot} verb="deploy" />
    </div>
  );
}

/** Where people have to approve it, the next step is to read what is asked; it goes on with the last approval. */
function ReviewButton({
  snapshot,
  role,
  deployment,
  idPrefix,
}: Pick<ButtonProps, "snapshot" | "role"> & { deployment: Deployment; idPrefix: string }) {
  const said = useSaid();
  const t = useTranslations("board");
  const router = useRouter();
  const state = actionFor(snapshot, "approve", role);
  const path = `/approvals/${encodeURIComponent(deployment.id)}`;
  const reasonId = `${idPrefix}-review-reason`;
  const blocker = state.allowed ? null : (state.blockers[0] ?? null);
  return (
    <div>
      <Button
        look="primary"
        size="large"
        wide
        blocked={blocker ? said(blocker.said, blocker.message) : null}
        reasonId={reasonId}
        onClick={() => router.push(path)}
      >
        {t("reviewAndApprove")}
        <SlotMark color={deployment.to} size={18} dimmed={blocker !== null} />
      </Button>
      <p id={reasonId} className="mt-1 text-xs break-words text-second">
        {blocker ? `${said(blocker.said, blocker.message)}.` : t("goesOnWithLast", { to: deployment.to })}{" "}
        <Link href={path} prefetch={false} className="underline underline-offset-2">
          {t("whatIsAsked")}
        </Link>
      </p>
    </div>
  );
}

/** Rollback: one click, no dialog, its cost always under it. A form, so that it works before and without the page's script. */
export function RollbackButton({
  snapshot,
  role,
  actions,
  runner,
  formKey,
  look = "outline",
  idPrefix,
  primaryId,
}: Omit<ButtonProps, "onSwitch" | "onCloseWindow" | "sent"> & {
  look?: "primary" | "outline";
  idPrefix: string;
  /** Of the primary button beside it: a reason that stands under that one already is not said twice. */
  primaryId?: string;
}) {
  const said = useSaid();
  const t = useTranslations("board");
  const state = actionFor(snapshot, "rollback", role);
  const to = snapshot.rollbackTo;
  const name = to ? t("rollBackTo", { to }) : t("rollBack");
  const isSaid = primaryId !== undefined && isSameRefusal(snapshot, role);
  const costId = isSaid ? `${primaryId}-primary-reason` : `${idPrefix}-rollback-cost`;
  return (
    <div>
      <RollbackForm
        application={snapshot.name}
        to={to}
        action={actions.rollBackForm}
        formKey={formKey}
        onSend={() =>
          void runner.send(snapshot.name, name, (idempotencyKey) =>
            actions.rollBack({ application: snapshot.name, ...(to ? { to } : {}), idempotencyKey }),
          )
        }
      >
        <Button
          type={state.allowed ? "submit" : "button"}
          look={look}
          size="large"
          wide
          blocked={state.allowed ? null : (firstRefusal(said, state) ?? t("nothingToUndo"))}
          reasonId={costId}
          busy={runner.running !== null}
        >
          {runner.running === name ? t("rollingBack") : name}
          {to ? <SlotMark color={to} size={18} dimmed={!state.allowed} /> : null}
        </Button>
      </RollbackForm>
      {/* Two lines are kept for it, so that the button stays where it is while its cost changes. */}
      <div className="mt-1.5 min-h-8 text-center text-xs text-second">
        {isSaid ? null : <RollbackCost snapshot={snapshot} state={state} id={costId} />}
        {state.allowed ? <LeverLine snapshot={snapshot} verb="rollback" /> : null}
      </div>
      <div className="mt-0.5 flex justify-center">
        <ManualCommandsDialog
          application={snapshot.name}
          request={{ action: "rollback" }}
          title={t("withCli", { name })}
        />
      </div>
    </div>
  );
}

/** Whether the primary action and the rollback are refused with the same words. */
function isSameRefusal(snapshot: ApplicationSnapshot, role: Role | null): boolean {
  const primary = choosePrimaryAction(snapshot);
  if (!primary) return false;
  const [one, other] = [actionFor(snapshot, primary.verb, role), actionFor(snapshot, "rollback", role)];
  return !one.allowed && !other.allowed && isSameBlocker(one.blockers[0], other.blockers[0]);
}

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
