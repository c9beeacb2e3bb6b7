import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { PageHeader } from "@/components/layout/page-header.tsx";
import { TokenDesk } from "@/components/tokens/token-desk.tsx";
import { Problem } from "@/components/ui/problem.tsx";
import { can, canSomewhere } from "@/lib/domain/access/role.ts";
import { listTokens } from "@/lib/queries/list-tokens.ts";
import { pageContext } from "../page-context.ts";
import { createTokenAction, revokeTokenAction } from "./actions.ts";

export const metadata: Metadata = { title: "Tokens" };

const ACTIONS = { create: createTokenAction, revoke: revokeTokenAction };

export default async function TokensPage() {
  const ctx = await pageContext();
  if (!canSomewhere(ctx.identity, "tokens")) notFound();
  const result = await listTokens(ctx);
  const { observer } = ctx.runtime;
  const names = [...observer.applications(), ...observer.unresolved()]
    .map(({ name }) => name)
    .filter((name) => can(ctx.identity, "tokens", name));
  return (
    <>
      <PageHeader title="Tokens" detail="What pipelines sign in with" />
      {result.ok ? (
        <TokenDesk
          tokens={result.value}
          applications={names.toSorted()}
          mayBeForAll={can(ctx.identity, "tokens", null)}
          now={ctx.runtime.now()}
          actions={ACTIONS}
        />
      ) : (
        <Problem title="The tokens cannot be shown" problem={result} />
      )}
    </>
  );
}
