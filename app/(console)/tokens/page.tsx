import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { PageHeader } from "@/components/layout/page-header.tsx";
import { getTranslations } from "@/components/messages/server-translations.ts";
import { TokenDesk } from "@/components/tokens/token-desk.tsx";
import { Problem } from "@/components/ui/problem.tsx";
import { can, canSomewhere } from "@/lib/domain/access/role.ts";
import { listTokens } from "@/lib/queries/list-tokens.ts";
import { pageContext } from "../page-context.ts";
import { createTokenAction, revokeTokenAction } from "./actions.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("tokens"))("title") };
}

const ACTIONS = { create: createTokenAction, revoke: revokeTokenAction };

export default async function TokensPage() {
  const t = await getTranslations("tokens");
  const ctx = await pageContext();
  if (!canSomewhere(ctx.identity, "tokens")) notFound();
  const result = await listTokens(ctx);
  const { observer } = ctx.runtime;
  const names = [...observer.applications(), ...observer.unresolved()]
    .map(({ name }) => name)
    .filter((name) => can(ctx.identity, "tokens", name));
  return (
    <>
      <PageHeader title={t("title")} detail={t("detail")} />
      {result.ok ? (
        <TokenDesk
          tokens={result.value}
          applications={names.toSorted()}
          mayBeForAll={can(ctx.identity, "tokens", null)}
          now={ctx.runtime.now()}
          actions={ACTIONS}
        />
      ) : (
        <Problem title={t("cannotBeShown")} problem={result} />
      )}
    </>
  );
}
