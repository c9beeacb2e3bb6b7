import type { Metadata } from "next";
import { AccessDesk } from "@/components/access/access-desk.tsx";
import { type MyRole, MyRoles } from "@/components/access/my-roles.tsx";
import { PermissionTable } from "@/components/access/permission-table.tsx";
import { PageHeader } from "@/components/layout/page-header.tsx";
import { Problem } from "@/components/ui/problem.tsx";
import { currentRoles } from "@/lib/auth/current-identity.ts";
import type { HeldRole } from "@/lib/auth/roles.ts";
import { currentConfig } from "@/lib/config/current-config.ts";
import { can, canSomewhere, type Permission } from "@/lib/domain/access/role.ts";
import { listConfiguredRoles } from "@/lib/queries/list-configured-roles.ts";
import { listGrants } from "@/lib/queries/list-grants.ts";
import { listSessions } from "@/lib/queries/list-sessions.ts";
import { pageContext } from "../page-context.ts";
import { endSessionsAction, grantRoleAction, revokeGrantAction } from "./actions.ts";

export const metadata: Metadata = { title: "Access" };

const ACTIONS = { grant: grantRoleAction, revoke: revokeGrantAction, endSessions: endSessionsAction };

const WORDS: Readonly<Record<Permission, string>> = {
  view: "See everything: boards, logs, history, audit",
  deploy: "Deploy a new version to the standby side",
  switch: "Switch traffic to the other side",
  rollback: "Roll back",
  abort: "Abort a deployment",
  extend: "Extend the window in which rollback is instant",
  retire: "Retire the side that is no longer needed",
  approve: "Approve a promotion",
  reject: "Reject a promotion",
  tokens: "Make and revoke API tokens",
  access: "Give and take roles, end sessions",
  deliveries: "Have a notification tried again at once",
  acknowledge: "Acknowledge a change in AWS that Switchyard did not make",
  override: "Override a health or drift refusal, by name and with a reason",
  freeze: "Stop the line for an application or all, and let it run again",
};

export default async function AccessPage() {
  const { identity } = await pageContext();
  const mine = (await currentRoles()).map(shown);
  return (
    <>
      <PageHeader title="Access" detail="What you may do, and who may do what" />
      <div className="grid items-start gap-3 lg:grid-cols-[minmax(0,1fr)_400px]">
        <PermissionTable holder={identity} words={WORDS} />
        <MyRoles name={identity.name} roles={mine} />
        {canSomewhere(identity, "access") ? <Desk /> : null}
      </div>
    </>
  );
}

async function Desk() {
  const ctx = await pageContext();
  const isOfAll = can(ctx.identity, "access", null);
  const [settled, grants, sessions] = await Promise.all([
    listConfiguredRoles(ctx, currentConfig()),
    listGrants(ctx),
    isOfAll ? listSessions(ctx) : null,
  ]);
  if (!grants.ok) return <Problem title="The roles cannot be shown" problem={grants} />;
  if (!settled.ok) return <Problem title="The roles cannot be shown" problem={settled} />;
  const { observer } = ctx.runtime;
  const names = [...observer.applications(), ...observer.unresolved()].map(({ name }) => name).toSorted();
  return (
    <AccessDesk
      settled={settled.value}
      grants={grants.value}
      sessions={sessions?.ok ? sessions.value : null}
      applications={names.filter((name) => can(ctx.identity, "access", name))}
      mayGrantEverywhere={isOfAll}
      myId={ctx.identity.id}
      now={ctx.runtime.now()}
      actions={ACTIONS}
    />
  );
}

function shown({ role, application, source }: HeldRole): MyRole {
  const expiresAt = source.from === "grant" ? source.grant.expiresAt : null;
  return { role, application, source: sourceWords(source), expiresAt };
}

function sourceWords(source: HeldRole["source"]): string {
  switch (source.from) {
    case "sandbox":
      return "as a user of the sandbox";
    case "address":
      return `by ${source.value} in switchyard.yaml`;
    case "claim":
      return `by ${source.value} of your identity provider`;
    case "grant":
      return `given to ${source.grant.who} by ${source.grant.createdBy}`;
  }
}
