"use client";
import type { ReactNode } from "react";
import { Button } from "@/components/ui/button.tsx";
import { EmptyState } from "@/components/ui/notice.tsx";
import { ClockTime } from "@/components/ui/time.tsx";
import { type Grant, isGrantValid } from "@/lib/domain/access/grant.ts";
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
  const standing = grants.filter((grant) => isGrantValid(grant, now));
  const past = grants.filter((grant) => !isGrantValid(grant, now));
  if (settled.length + grants.length === 0)
    return (
      <EmptyState title="Nobody is named yet">
        <p>
          Roles may come from the identity provider, from <span className="font-mono">switchyard.yaml</span>, or from
          here.
        </p>
      </EmptyState>
    );
  return (
    <div className="overflow-x-auto">
      <table className="w-full text-xs">
        <caption className="sr-only">Who holds which role, and why</caption>
        <thead className="text-second">
          <tr className="h-8 border-b border-line [&>th]:px-2 [&>th:first-child]:pl-3.5 [&>th:last-child]:pr-3.5">
            <th scope="col">Who</th>
            <th scope="col">Role</th>
            <th scope="col" className="max-md:hidden">
              By
            </th>
            <th scope="col" className="max-md:hidden">
              Until
            </th>
            <th scope="col">
              <span className="sr-only">Take it back</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {settled.map((one) => (
            <Row
              key={`${one.kind} ${one.who} ${one.role} ${one.application}`}
              holding={one}
              by={<span className="font-mono">switchyard.yaml</span>}
              until="the file says otherwise"
            />
          ))}
          {standing.map((grant) => (
            <Row
              key={grant.id}
              holding={grant}
              by={grant.reason ? `${grant.createdBy}: ${grant.reason}` : grant.createdBy}
              until={grant.expiresAt === null ? "revoked" : <ClockTime at={grant.expiresAt} precision="day" />}
            >
              <Button
                size="small"
                aria-label={`Revoke ${grant.role} of ${grant.who}${grant.application ? ` on ${grant.application}` : ""}`}
                onClick={() => onAsk(grant)}
              >
                Revoke
              </Button>
            </Row>
          ))}
          {past.slice(0, 20).map((grant) => (
            <Row
              key={grant.id}
              isPast
              holding={grant}
              by={grant.createdBy}
              until={grant.revokedAt === null ? "over" : `revoked by ${grant.revokedBy}`}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
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
  return (
    <tr
      className={`border-b border-line align-top last:border-b-0 [&>*]:px-2 [&>*]:py-2 [&>*:first-child]:pl-3.5 [&>*:last-child]:pr-3.5 ${isPast ? "text-second" : ""}`}
    >
      <th scope="row" className="max-w-[220px] break-words">
        {holding.who}
        <span className="block font-normal text-second">
          {holding.kind}
          <span className="md:hidden">
            , by {by}, until {until}
          </span>
        </span>
      </th>
      <td>
        {isPast ? <s>{holding.role}</s> : holding.role}
        <span className="block text-second">{holding.application ?? "all applications"}</span>
      </td>
      <td className="max-w-[220px] break-words text-second max-md:hidden">{by}</td>
      <td className="text-second max-md:hidden">{until}</td>
      <td className="text-right">{children}</td>
    </tr>
  );
}
