"use client";
import type { ReactNode } from "react";
import { useSaid, useTranslations } from "#translations";
import type { Translator } from "@/components/messages/translator.ts";
import { Button } from "@/components/ui/button.tsx";
import { EmptyState } from "@/components/ui/notice.tsx";
import { ClockTime } from "@/components/ui/time.tsx";
import { type Grant, isGrantValid } from "@/lib/domain/access/grant.ts";
import { nameSaid } from "@/lib/domain/access/person-name.ts";
import type { Role } from "@/lib/domain/access/role.ts";

/** A role that switchyard.yaml gives; only a change of that file takes it back. */
export interface SettledRole {
  kind: Grant["kind"];
  who: string;
  role: Role;
  application: string | null;
}

/** Who holds what: roles of the settings first, then grants, standing ones before those that are over. */
export function GrantTable({
  settled,
  grants,
  now,
  onAsk,
}: {
  settled: readonly SettledRole[];
  grants: readonly Grant[];
  now: number;
  onAsk: (grant: Grant) => void;
}) {
  const t = useTranslations("access");
  const said = useSaid();
  const standing = grants.filter((grant) => isGrantValid(grant, now));
  const past = grants.filter((grant) => !isGrantValid(grant, now));
  if (settled.length + grants.length === 0)
    return (
      <EmptyState title={t("nobody")}>
        <p>{t.rich("nobodyWhy", { mono: (chunks) => <span className="font-mono">{chunks}</span> })}</p>
      </EmptyState>
    );
  return (
    <div className="overflow-x-auto">
      <table className="w-full text-xs">
        <caption className="sr-only">{t("caption")}</caption>
        <thead className="text-second">
          <tr className="h-8 border-b border-line [&>th]:px-2 [&>th:first-child]:pl-3.5 [&>th:last-child]:pr-3.5">
            <th scope="col">{t("column.who")}</th>
            <th scope="col">{t("role")}</th>
            <th scope="col" className="max-md:hidden">
              {t("column.by")}
            </th>
            <th scope="col" className="max-md:hidden">
              {t("column.until")}
            </th>
            <th scope="col">
              <span className="sr-only">{t("column.takeBack")}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {settled.map((one) => (
            <Row
              key={`${one.kind} ${one.who} ${one.role} ${one.application}`}
              holding={one}
              by={<span className="font-mono">{t("file")}</span>}
              until={t("untilFile")}
            />
          ))}
          {standing.map((grant) => (
            <Row
              key={grant.id}
              holding={grant}
              by={
                grant.reason ? `${said(nameSaid(grant.createdBy))}: ${grant.reason}` : said(nameSaid(grant.createdBy))
              }
              until={grant.expiresAt === null ? t("untilRevoked") : <ClockTime at={grant.expiresAt} precision="day" />}
            >
              <Button size="small" aria-label={revokeWords(t, grant)} onClick={() => onAsk(grant)}>
                {t("revoke")}
              </Button>
            </Row>
          ))}
          {past.slice(0, 20).map((grant) => (
            <Row
              key={grant.id}
              isPast
              holding={grant}
              by={said(nameSaid(grant.createdBy))}
              until={
                grant.revokedAt === null ? t("over") : t("revokedBy", { by: said(nameSaid(grant.revokedBy ?? "")) })
              }
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function revokeWords(t: Translator<"access">, { role, who, application }: Grant): string {
  return application ? t("revokeThisOn", { role, who, application }) : t("revokeThis", { role, who });
}

function Row({
  holding,
  by,
  until,
  isPast = false,
  children,
}: {
  holding: SettledRole;
  by: ReactNode;
  until: ReactNode;
  isPast?: boolean;
  children?: ReactNode;
}) {
  const t = useTranslations("access");
  return (
    <tr
      className={`border-b border-line align-top last:border-b-0 [&>*]:px-2 [&>*]:py-2 [&>*:first-child]:pl-3.5 [&>*:last-child]:pr-3.5 ${isPast ? "text-second" : ""}`}
    >
      <th scope="row" className="max-w-[220px] break-words">
        {holding.who}
        <span className="block font-normal text-second">
          {t("kind", { kind: holding.kind })}
          <span className="md:hidden">{t.rich("byUntil", { by: () => by, until: () => until })}</span>
        </span>
      </th>
      <td>
        {isPast ? <s>{holding.role}</s> : holding.role}
        <span className="block text-second">{holding.application ?? t("allApplications")}</span>
      </td>
      <td className="max-w-[220px] break-words text-second max-md:hidden">{by}</td>
      <td className="text-second max-md:hidden">{until}</td>
      <td className="text-right">{children}</td>
    </tr>
  );
}
