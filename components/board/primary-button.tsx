"use client";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useSaid, useTranslations } from "#translations";
import { Button } from "@/components/ui/button.tsx";
import { buttonLook } from "@/components/ui/button-look.ts";
import { ScrollRegion } from "@/components/ui/scroll-region.tsx";
import { SlotMark } from "@/components/ui/slot-mark.tsx";
import type { Deployment } from "@/lib/domain/deployment/deployment.ts";
import { approvalAskedAt } from "@/lib/domain/rules/approval-rules.ts";
import { actionFor, blockerWords, choosePrimaryAction, firstRefusal } from "./board-facts.ts";
import type { ButtonProps } from "./button-props.ts";
import { CloseWindowButton } from "./close-window.tsx";
import { switchSaid } from "./driven-facts.ts";
import { LeverLine } from "./lever-line.tsx";
import { RollbackButton } from "./rollback-button.tsx";

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
        <ScrollRegion label={t("whyNot")} className="mt-1 text-xs text-second lg:max-h-12">
          <ul id={reasonId}>
            {state.blockers.slice(0, 2).map((blocker) => (
              <li key={blocker.code} className="break-words">
                {blockerWords(said, blocker)}
              </li>
            ))}
          </ul>
        </ScrollRegion>
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
