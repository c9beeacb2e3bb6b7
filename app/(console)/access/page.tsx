import type { Metadata } from "next";
import { AccessDesk } from "@/components/access/access-desk.tsx";
import { type MyRole, MyRoles } from "@/components/access/my-roles.tsx";
import { PermissionTable } from "@/components/access/permission-table.tsx";
import { PageHeader } from "@/components/layout/page-header.tsx";
import { getTranslations } from "@/components/messages/server-translations.ts";
import type { Translator } from "@/components/messages/translator.ts";
import { Problem } from "@/components/ui/problem.tsx";
import { currentRoles } from "@/lib/auth/current-identity.ts";
import type { HeldRole } from "@/lib/auth/roles.ts";
import { currentConfig } from "@/lib/config/current-config.ts";
import { can, canSomewhere } from "@/lib/domain/access/role.ts";
import { listConfiguredRoles } from "@/lib/queries/list-configured-roles.ts";
import { listGrants } from "@/lib/queries/list-grants.ts";
import { listSessions } from "@/lib/queries/list-sessions.ts";
import { pageContext } from "../page-context.ts";
import { endSessionsAction, grantRoleAction, revokeGrantAction } from "./actions.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("access"))("title") };
}

const ACTIONS = { grant: grantRoleAction, revoke: revokeGrantAction, endSessions: endSessionsAction };

export default async function AccessPage() {
  const t = await getTranslations("access");
  const { identity } = await pageContext();
  const mine = (await currentRoles()).map((held) => shown(t, held));
  return (
    <>
      <PageHeader title={t("title")} detail={t("detail")} />
      <div className="grid items-start gap-3 lg:grid-cols-[minmax(0,1fr)_400px]">
        <PermissionTable holder={identity} />
        <MyRoles name={identity.name} roles={mine} />
        {canSomewhere(identity, "access") ? <Desk /> : null}
      </div>
    </>
  );
}

async function Desk() {
  const t = await getTranslations("access");
  const ctx = await pageContext();
  const isOfAll = can(ctx.identity, "access", null);
  const [settled, grants, sessions] = await Promise.all([
    listConfiguredRoles(ctx, currentConfig()),
    listGrants(ctx),
    isOfAll ? listSessions(ctx) : null,
  ]);
  if (!grants.ok) return <Problem title={t("cannotBeShown")} problem={grants} />;
  if (!settled.ok) return <Problem title={t("cannotBeShown")} problem={settled} />;
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

function shown(t: Translator<"access">, { role, application, source }: HeldRole): MyRole {
  const expiresAt = source.from === "grant" ? source.grant.expiresAt : null;
  return { role, application, source: sourceWords(t, source), expiresAt };
}

function sourceWords(t: Translator<"access">, source: HeldRole["source"]): string {
  switch (source.from) {
    case "sandbox":
      return t("source.sandbox");
    case "address":
      return t("source.address", { value: source.value });
    case "claim":
      return t("source.claim", { value: source.value });
    case "grant":
      return t("source.grant", { who: source.grant.who, by: source.grant.createdBy });
  }
}
