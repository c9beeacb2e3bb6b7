"use client";
import Link from "next/link";
import { useActionState } from "react";
import { useSaid, useTranslations } from "#translations";
import { useSnapshot } from "@/components/live/live-provider.tsx";
import { statusSaid } from "@/components/live/stage-words.ts";
import { Button } from "@/components/ui/button.tsx";
import { FactList } from "@/components/ui/fact-list.tsx";
import { Problem } from "@/components/ui/problem.tsx";
import { SlotMark } from "@/components/ui/slot-mark.tsx";
import { ClockTime } from "@/components/ui/time.tsx";
import type { Role } from "@/lib/domain/access/role.ts";
import type { Deployment } from "@/lib/domain/deployment/deployment.ts";
import type { ApplicationSnapshot } from "@/lib/domain/snapshot/snapshot.ts";
import type { RollBackForm } from "./board-actions.ts";
import { actionFor, firstRefusal, healthSaid, ruleChange } from "./board-facts.ts";
import { RollbackCost } from "./rollback-cost.tsx";
import { RollbackFields } from "./rollback-form.tsx";
import { acceptedPath, rollbackPath } from "./rollback-path.ts";

/**
 * The way back as a plain page, for browsers whose script does not run or has not arrived: what a rollback changes, the button,
 * and afterwards what was accepted or refused. Everything on it works as links and a form.
 */
export function RollbackPage({
  application,
  role,
  action,
  formKey,
  acceptedId,
  accepted,
}: {
  application: string;
  role: Role | null;
  action: RollBackForm;
  formKey: string;
  /** What the form started, and its record; null while the database is away. */
  acceptedId: string | null;
  accepted: Deployment | null;
}) {
  const t = useTranslations("board");
  const snapshot = useSnapshot(application);
  const [refusal, send] = useActionState(action, null, rollbackPath(application));
  const { deployment, lastDeployment } = snapshot;
  const newest = [deployment, lastDeployment].find((each) => each?.id === acceptedId) ?? accepted;
  return (
    <div className="flex max-w-[640px] flex-col gap-3">
      {refusal ? <Problem title={t("plain.refused")} problem={refusal} /> : null}
      {newest ? <Accepted snapshot={snapshot} deployment={newest} /> : null}
      {newest && !refusal ? null : (
        <form action={send} className="card flex flex-col gap-3 p-4">
          <RollbackFields application={application} to={snapshot.rollbackTo} formKey={formKey} />
          <Offer snapshot={snapshot} role={role} />
        </form>
      )}
      <p className="flex flex-wrap gap-4">
        <Link
          href={`/${encodeURIComponent(application)}`}
          className="inline-flex items-center underline underline-offset-2"
        >
          {t("plain.toBoard")}
        </Link>
        {newest ? (
          <Link
            href={`/${encodeURIComponent(application)}/deployments/${encodeURIComponent(newest.id)}`}
            className="inline-flex items-center underline underline-offset-2"
          >
            {t("allKnown")}
          </Link>
        ) : null}
      </p>
    </div>
  );
}

function Offer({ snapshot, role }: { snapshot: ApplicationSnapshot; role: Role | null }) {
  const t = useTranslations("board");
  const said = useSaid();
  const state = actionFor(snapshot, "rollback", role);
  const to = snapshot.rollbackTo;
  return (
    <>
      <h2 className="font-semibold">{to ? t("rollBackTo", { to }) : t("rollBack")}</h2>
      {to ? <Receipt snapshot={snapshot} to={to} /> : null}
      <div className="text-xs text-second">
        <RollbackCost snapshot={snapshot} state={state} id="plain-rollback-cost" />
      </div>
      <Button
        type={state.allowed ? "submit" : "button"}
        look="primary"
        size="large"
        wide
        blocked={state.allowed ? null : (firstRefusal(said, state) ?? t("nothingToUndo"))}
        reasonId="plain-rollback-cost"
      >
        {to ? t("rollBackTo", { to }) : t("rollBack")}
        {to ? <SlotMark color={to} size={18} dimmed={!state.allowed} /> : null}
      </Button>
    </>
  );
}

function Receipt({
  snapshot,
  to,
}: {
  snapshot: ApplicationSnapshot;
  to: NonNullable<ApplicationSnapshot["rollbackTo"]>;
}) {
  const t = useTranslations("board");
  const said = useSaid();
  const slot = snapshot.slots[to];
  const facts = [
    [t("fact.rule"), said(ruleChange(snapshot.traffic.weights, to))],
    [t("fact.healthy"), said(healthSaid(slot, snapshot.observedAt))],
  ] as const;
  return <FactList facts={facts} className="gap-y-1" />;
}

function Accepted({ snapshot, deployment }: { snapshot: ApplicationSnapshot; deployment: Deployment }) {
  const t = useTranslations("board");
  const said = useSaid();
  const { blue, green } = snapshot.traffic.weights;
  return (
    <section className="card flex flex-col gap-3 p-4" aria-labelledby="accepted-heading">
      <h2 id="accepted-heading" className="font-semibold">
        {t("plain.accepted", { to: deployment.kind === "ROLLBACK" ? deployment.to : deployment.from })}
      </h2>
      <FactList
        className="gap-y-1"
        facts={[
          [t("plain.status"), said(statusSaid(deployment))],
          [t("plain.listener"), t("plain.weights", { blue, green })],
        ]}
      />
      <p className="text-xs text-second">
        {t.rich("plain.asOf", { time: () => <ClockTime at={snapshot.observedAt} precision="second" /> })}{" "}
        <a href={acceptedPath(deployment)} className="underline underline-offset-2">
          {t("plain.again")}
        </a>
      </p>
    </section>
  );
}
