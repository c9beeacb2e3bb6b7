import type { Metadata } from "next";
import Link from "next/link";
import { PageHeader } from "@/components/layout/page-header.tsx";
import { MovingLink } from "@/components/manual-commands/moving-link.tsx";
import { getTranslations } from "@/components/messages/server-translations.ts";
import { ReadinessChoice } from "@/components/readiness/readiness-choice.tsx";
import { ReadinessDesk } from "@/components/readiness/readiness-desk.tsx";
import { ReloadNote } from "@/components/readiness/reload-note.tsx";
import { EmptyState } from "@/components/ui/notice.tsx";
import { Problem } from "@/components/ui/problem.tsx";
import { can, canSomewhere, maySee, seenApplications } from "@/lib/domain/access/role.ts";
import { getReadiness, listReadiness } from "@/lib/queries/get-readiness.ts";
import { pageContext } from "../page-context.ts";
import { putOffAction } from "./actions.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("readiness"))("title") };
}

const ACTIONS = { putOff: putOffAction };

interface Props {
  searchParams: Promise<{ application?: string | string[] }>;
}

export default async function ReadinessPage({ searchParams }: Props) {
  const [t, discovery] = await Promise.all([getTranslations("readiness"), getTranslations("discovery")]);
  const [ctx, { application }] = await Promise.all([pageContext(), searchParams]);
  const names = ctx.runtime.readiness
    .subjects()
    .map((subject) => subject.application)
    .filter((name) => maySee(ctx.identity, name));
  const name = typeof application === "string" && names.includes(application) ? application : (names[0] ?? null);
  const result = name === null ? await listReadiness(ctx) : await getReadiness(ctx, name);
  return (
    <>
      <PageHeader title={t("title")} detail={t("detail")}>
        {seenApplications(ctx.identity) === null ? (
          <Link href="/discovery" className="inline-flex items-center text-sm underline">
            {discovery("title")}
          </Link>
        ) : null}
        {names.length > 1 ? <ReadinessChoice names={names} chosen={name} /> : null}
      </PageHeader>
      <ReloadNote outcome={ctx.runtime.reloaded()} maySeeWhy={canSomewhere(ctx.identity, "access")} />
      {!result.ok ? (
        <Problem title={t("cannotBeShown")} problem={result} />
      ) : Array.isArray(result.value) ? (
        <EmptyState title={t("nothingToSee")} />
      ) : (
        <>
          <ReadinessDesk
            key={result.value.application}
            initial={result.value}
            mayPutOff={can(ctx.identity, "acknowledge", result.value.application)}
            actions={ACTIONS}
          />
          <MovingLink
            application={result.value.application}
            controller={ctx.runtime.observer.findApplication(result.value.application)?.controller ?? null}
          />
        </>
      )}
    </>
  );
}
