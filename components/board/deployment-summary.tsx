import Link from "next/link";
import { useSaid, useTranslations } from "#translations";
import { statusSaid, titleSaid } from "@/components/live/stage-words.ts";
import { ClockTime } from "@/components/ui/time.tsx";
import { nameSaid } from "@/lib/domain/access/person-name.ts";
import type { Deployment } from "@/lib/domain/deployment/deployment.ts";
import { driverName } from "@/lib/domain/deployment/gate-words.ts";
import { explainStoppedTask } from "@/lib/domain/observation/plain-words.ts";
import { rolloutSaid } from "@/lib/domain/observation/rollout.ts";
import type { ApplicationSnapshot } from "@/lib/domain/snapshot/snapshot.ts";
import { shortName } from "@/lib/domain/text/short-name.ts";
import { startedOutside } from "./driven-facts.ts";
import { ProofLines } from "./proof-lines.tsx";
import { StageList } from "./stage-list.tsx";
import { SwitchFacts } from "./switch-facts.tsx";
import { WaitingLine } from "./waiting-line.tsx";

/** Which deployment it is, how it stands, who began it and why. */
export function DeploymentHead({ deployment }: { deployment: Deployment }) {
  const t = useTranslations("board");
  const said = useSaid();
  const outside = startedOutside(deployment);
  const startedAt = <ClockTime at={deployment.startedAt} precision="minute" />;
  return (
    <header className="mb-1.5">
      <h2 id="action-heading" tabIndex={-1} className="font-semibold">
        <Link href={`/${deployment.application}/deployments/${deployment.id}`} className="hover:underline">
          {said(titleSaid(deployment))}
        </Link>
        <span className="font-normal text-second">: {said(statusSaid(deployment))}</span>
      </h2>
      <p className="line-clamp-2 text-xs text-second lg:line-clamp-1" title={deployment.reason ?? undefined}>
        {outside
          ? t.rich("outsideAt", { outside: said(outside), time: () => startedAt })
          : t.rich("startedBy", {
              by: said(nameSaid(deployment.actor.name, deployment.actor.via)),
              time: () => startedAt,
            })}
        {deployment.reason ? `: ${deployment.reason}` : ""}
      </p>
    </header>
  );
}

/** What it does or did, as far as it is known. */
export function DeploymentBody({ deployment, snapshot }: { deployment: Deployment; snapshot: ApplicationSnapshot }) {
  const said = useSaid();
  const isOver = snapshot.deployment === null;
  const reason = deployment.evidence?.tasks.length ? null : deployment.statusReason;
  return (
    <div className="flex flex-col gap-2.5">
      {/* One place for both, above the stages, which go at the end: what is read then stays where it is. */}
      {deployment.proof ? (
        <ProofLines deployment={deployment} proof={deployment.proof} />
      ) : isOver && deployment.aws ? null : (
        <SwitchFacts snapshot={snapshot} />
      )}
      {isOver && (deployment.proof || deployment.evidence) ? null : <StageList deployment={deployment} />}
      {isOver ? null : <WaitingLine deployment={deployment} />}
      {isOver ? null : <AwsLine deployment={deployment} snapshot={snapshot} />}
      {reason && !(isOver && deployment.status === "SUCCESSFUL") ? (
        <p className="text-xs break-words text-second">{said(deployment.statusSaid, reason)}</p>
      ) : null}
      {deployment.evidence ? <Evidence deployment={deployment} /> : null}
    </div>
  );
}

/** What is AWS's own of it: which deployment, and whether its bake can be moved. */
function AwsLine({ deployment, snapshot }: { deployment: Deployment; snapshot: ApplicationSnapshot }) {
  const t = useTranslations("board");
  const said = useSaid();
  const { aws, rollout, stage } = deployment;
  if (!aws?.id) return null;
  const driver = driverName(snapshot.controller);
  return (
    <p className="text-xs break-words text-second">
      {t.rich(rollout ? "deploysItAs" : "deploysItAsOnly", {
        driver,
        id: shortName(aws.id),
        rollout: rollout ? said(rolloutSaid(rollout)) : "",
        mono: (chunks) => <span className="font-mono break-all">{chunks}</span>,
      })}
      {stage === "BAKE_TIME" ? ` ${t("bakeCannotMove", { driver })}` : ""}
    </p>
  );
}

function Evidence({ deployment }: { deployment: Deployment }) {
  const t = useTranslations("board");
  const said = useSaid();
  const task = deployment.evidence?.tasks[0];
  const lines = deployment.evidence?.lines.slice(-3) ?? [];
  return (
    <div className="rounded-control bg-fault-ground p-2.5 text-xs">
      {task ? (
        <p className="font-semibold text-fault">
          <span className="font-mono">{task.id.slice(0, 8)}</span>: {said(explainStoppedTask(task))}
        </p>
      ) : null}
      {lines.length > 0 ? (
        <pre className="mt-1 font-mono text-2xs break-words whitespace-pre-wrap">
          {lines.map((line) => line.text).join("\n")}
        </pre>
      ) : null}
      <Link
        href={`/${deployment.application}/deployments/${deployment.id}`}
        className="mt-1 inline-flex items-center underline underline-offset-2"
      >
        {t("allLeftBehind")}
      </Link>
    </div>
  );
}
