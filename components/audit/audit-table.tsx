import { useSaid, useTranslations } from "#translations";
import type { Translator } from "@/components/messages/translator.ts";
import { type Column, ROW_CELLS, ScrollTable } from "@/components/ui/scroll-table.tsx";
import { StateIcon } from "@/components/ui/state-icon.tsx";
import { ClockTime } from "@/components/ui/time.tsx";
import { nameSaid } from "@/lib/domain/access/person-name.ts";
import type { AuditRow } from "@/lib/domain/audit/audit.ts";

const SHAPES = { done: "done", refused: "warning", failed: "fault" } as const;

const columnsIn = (t: Translator<"audit">): readonly Column[] => [
  { name: t("column.when") },
  { name: t("column.who") },
  { name: t("column.action") },
  { name: t("application") },
  { name: t("outcome") },
  { name: t("column.said"), className: "max-md:hidden" },
];

/** Who asked for what, newest first; what was refused stands beside what was done. */
export function AuditTable({ entries }: { entries: readonly AuditRow[] }) {
  const t = useTranslations("audit");
  const said = useSaid();
  return (
    <ScrollTable label={t("title")} order={t("order")} columns={columnsIn(t)} isSmall>
      {entries.map((entry) => (
        <tr key={entry.id} className={`border-b border-line align-top last:border-b-0 [&>*]:py-2 ${ROW_CELLS}`}>
          <td className="whitespace-nowrap text-second">
            <ClockTime at={entry.at} precision="day" />
          </td>
          <td title={whoInFull(t, entry)} className="max-w-[220px] break-words">
            {said(nameSaid(entry.actorName))}
            <span className="block text-second">{entry.role}</span>
          </td>
          <td className="font-mono">{entry.action}</td>
          <td>
            <About entry={entry} />
          </td>
          <td>
            <span className="flex items-center gap-1.5">
              <StateIcon shape={SHAPES[entry.outcome]} size={13} />
              {t("outcomeIs", { outcome: entry.outcome })}
            </span>
            {entry.code ? <span className="block font-mono text-2xs text-second">{entry.code}</span> : null}
          </td>
          <td className="max-w-[480px] break-words max-md:hidden">
            <Said entry={entry} />
          </td>
        </tr>
      ))}
    </ScrollTable>
  );
}

function About({ entry: { application, deploymentId, subject } }: { entry: AuditRow }) {
  if (!application || !deploymentId) return application ?? subject ?? null;
  return (
    <a
      href={`/${encodeURIComponent(application)}/deployments/${encodeURIComponent(deploymentId)}`}
      className="inline-flex items-center underline underline-offset-2"
    >
      {application}
    </a>
  );
}

function Said({ entry }: { entry: AuditRow }) {
  const t = useTranslations("audit");
  const said = useSaid();
  const { before, after, reason } = entry;
  const requests = entry.awsRequestIds ?? (entry.awsRequestId ? [entry.awsRequestId] : []);
  return (
    <>
      {after ? (
        <span className="block">
          {before ? `${said(entry.beforeSaid, before)} → ` : ""}
          {said(entry.afterSaid, after)}
        </span>
      ) : null}
      <span className={after ? "text-second" : ""}>{said(entry.said, entry.message)}</span>
      {reason ? <span className="block text-second">{t("reason", { reason })}</span> : null}
      {requests.length > 0 ? (
        <span className="block font-mono text-2xs text-second" title={requests.join("\n")}>
          {requests.length > 1
            ? t("awsRequests", { id: requests[0] ?? "", more: requests.length - 1 })
            : t("awsRequest", { id: requests[0] ?? "" })}
        </span>
      ) : null}
    </>
  );
}

function whoInFull(t: Translator<"audit">, { actorId, via, address, credentialId }: AuditRow): string {
  const by = { id: actorId, via: credentialId ? `${via} ${credentialId}` : via };
  return address ? t("whoFrom", { ...by, address }) : t("who", by);
}
