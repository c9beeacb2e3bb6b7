import Link from "next/link";
import { useSaid, useTranslations } from "#translations";
import { buttonLook } from "@/components/ui/button-look.ts";
import { FieldName } from "@/components/ui/field-name.tsx";
import { SlotMark } from "@/components/ui/slot-mark.tsx";
import { ClockTime } from "@/components/ui/time.tsx";
import type { Incident } from "@/lib/domain/incident/incident.ts";
import { SECRET_RULE_WORDS } from "@/lib/domain/log/secrets.ts";
import { revisionName } from "@/lib/domain/observation/slot.ts";
import { IncidentCard } from "./incident-card.tsx";
import { IncidentLines } from "./incident-lines.tsx";
import { IncidentSideView } from "./incident-side.tsx";
import { ShareButton } from "./share-button.tsx";

/** Everything that was kept of one thing that happened, on one page; every text of others is text. */
export function IncidentView({ incident }: { incident: Incident }) {
  const t = useTranslations("incident");
  const { application, id, at, deployment, missing } = incident;
  const said = useSaid();
  const title = said(incident.titleSaid, incident.title);
  const path = `/${encodeURIComponent(application)}`;
  return (
    <article className="flex flex-col gap-3">
      <header className="card p-4">
        <h2 className="text-lg font-semibold break-words">{title}</h2>
        <p className="mt-1 flex flex-wrap items-center gap-x-4 gap-y-2 text-second">
          <ClockTime at={at} precision="day" />
          {deployment ? (
            <Link href={`${path}/deployments/${encodeURIComponent(deployment.id)}`} className="hover:underline">
              {t("toDeployment", { id: deployment.id })}
            </Link>
          ) : null}
        </p>
        {missing.map((what, index) => (
          <p key={what} className="mt-1 break-words text-warning">
            {t("missing", { what: said(incident.missingSaid?.[index], what) })}
          </p>
        ))}
        <p className="mt-3 flex flex-wrap gap-2">
          <ShareButton title={title} />
          <a
            className={buttonLook()}
            href={`/api/v1/applications/${encodeURIComponent(application)}/incidents/${encodeURIComponent(id)}?download=html`}
            download
          >
            {t("export")}
          </a>
        </p>
      </header>
      <div className="grid items-start gap-3 lg:grid-cols-2">
        <Timeline incident={incident} />
        <div className="flex min-w-0 flex-col gap-3">
          <NewErrors incident={incident} />
          <Changes incident={incident} />
          <LastGoodView incident={incident} />
          <Masked incident={incident} />
        </div>
        <IncidentSideView color="blue" side={incident.sides.blue} />
        <IncidentSideView color="green" side={incident.sides.green} />
      </div>
      <IncidentLines application={application} lines={incident.lines} />
    </article>
  );
}

function Timeline({ incident }: { incident: Incident }) {
  const t = useTranslations("incident");
  const say = useSaid();
  const counts = new Map<string, number>();
  return (
    <IncidentCard title={t("timeline")}>
      {incident.timeline.length === 0 ? <p className="text-second">{t("nothing")}</p> : null}
      <ol className="max-h-[640px] overflow-y-auto">
        {incident.timeline.map(({ at, side, text, said, isBad }) => {
          const same = `${at} ${text}`;
          const count = (counts.get(same) ?? 0) + 1;
          counts.set(same, count);
          return (
            <li key={`${same} ${count}`} className="flex gap-3 border-t border-line py-1.5">
              <Link
                href={`/${encodeURIComponent(incident.application)}/logs?at=${at}`}
                title={t("toLines")}
                className="w-16 shrink-0 text-xs leading-5 text-second hover:underline"
              >
                <ClockTime at={at} />
              </Link>
              <span className="mt-[3px] w-4 shrink-0">
                {side ? <SlotMark color={side} size={14} label={side} /> : null}
              </span>
              <span className={`min-w-0 break-words ${isBad ? "font-semibold text-fault" : ""}`}>
                {say(said, text)}
              </span>
            </li>
          );
        })}
      </ol>
    </IncidentCard>
  );
}

function NewErrors({ incident: { newErrors } }: { incident: Incident }) {
  const t = useTranslations("incident");
  if (newErrors.length === 0) return null;
  return (
    <IncidentCard title={t("newErrors")}>
      <ul>
        {newErrors.map(({ signature, counts, firstAt, example }) => (
          <li key={signature} className="border-t border-line py-1.5">
            <p className="text-xs text-second">
              {t("newErrorsNote", {
                count: Math.max(counts.blue, counts.green),
                time: new Date(firstAt).toISOString().slice(11, 19),
              })}
            </p>
            <p className="line-clamp-3 font-mono text-xs break-words">{example}</p>
          </li>
        ))}
      </ul>
    </IncidentCard>
  );
}

function Changes({ incident: { changes } }: { incident: Incident }) {
  const t = useTranslations("incident");
  return (
    <IncidentCard title={t("changes")}>
      {changes === null ? <p className="text-second">{t("changesUnknown")}</p> : null}
      {changes?.length === 0 ? <p className="text-second">{t("changesNone")}</p> : null}
      <ul>
        {changes?.map(({ field, before, after }) => (
          <li key={field} className="border-t border-line py-1.5">
            <p className="text-xs text-second">
              <FieldName field={field} />
            </p>
            <p className="font-mono text-xs break-all">
              <del className="text-second">{before ?? t("absent")}</del> → {after ?? t("absent")}
            </p>
          </li>
        ))}
      </ul>
    </IncidentCard>
  );
}

function LastGoodView({ incident: { lastGood, application } }: { incident: Incident }) {
  const t = useTranslations("incident");
  const seconds = (count: number | null) => (count === null ? "–" : t("seconds", { count }));
  return (
    <IncidentCard title={t("lastGood")}>
      {lastGood === null ? (
        <p className="text-second">{t("lastGoodNone")}</p>
      ) : (
        <>
          <p className="mb-2">
            <Link
              href={`/${encodeURIComponent(application)}/deployments/${encodeURIComponent(lastGood.deploymentId)}`}
              className="hover:underline"
            >
              {lastGood.revision ? revisionName(lastGood.revision) : t("noRevision")}
            </Link>
            , <ClockTime at={lastGood.finishedAt} precision="day" />
          </p>
          <table className="w-full text-xs">
            <thead>
              <tr className="text-left text-second">
                <th className="font-normal">{t("stage")}</th>
                <th className="font-normal">{t("before")}</th>
                <th className="font-normal">{t("now")}</th>
              </tr>
            </thead>
            <tbody>
              {lastGood.stages.map(({ stage, good, now }) => (
                <tr key={stage} className="border-t border-line">
                  <td className="py-1 pr-2 font-mono break-all">{stage}</td>
                  <td>{seconds(good)}</td>
                  <td>{seconds(now)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
    </IncidentCard>
  );
}

function Masked({ incident: { masked } }: { incident: Incident }) {
  const said = useSaid();
  const t = useTranslations("incident");
  return (
    <IncidentCard title={t("masked")}>
      {masked.length === 0 ? <p className="text-second">{t("maskedNone")}</p> : null}
      <ul>
        {masked.map(({ name, count }) => (
          <li key={name}>{t("maskedNote", { name, count })}</li>
        ))}
      </ul>
      <details className="mt-2 text-xs text-second">
        <summary className="cursor-pointer">{t("rules")}</summary>
        <dl className="mt-1">
          {SECRET_RULE_WORDS.map(({ name, about }) => (
            <div key={name} className="border-t border-line py-1">
              <dt className="font-semibold">{name}</dt>
              <dd>{said(about)}</dd>
            </div>
          ))}
        </dl>
      </details>
    </IncidentCard>
  );
}
