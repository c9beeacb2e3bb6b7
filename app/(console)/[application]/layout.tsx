import type { Metadata } from "next";
import { notFound } from "next/navigation";
import type { ReactNode } from "react";
import { ApplicationTitle } from "@/components/layout/application-title.tsx";
import { PageHeader } from "@/components/layout/page-header.tsx";
import { LiveProvider } from "@/components/live/live-provider.tsx";
import { StreamBanner, StreamPill } from "@/components/live/stream-pill.tsx";
import { TitleAlert } from "@/components/live/title-alert.tsx";
import { getTranslations } from "@/components/messages/server-translations.ts";
import { Problem } from "@/components/ui/problem.tsx";
import { getApplication } from "@/lib/queries/get-application.ts";
import { pageContext } from "../page-context.ts";

type Params = Promise<{ application: string }>;

export async function generateMetadata({ params }: { params: Params }): Promise<Metadata> {
  const name = decodeURIComponent((await params).application);
  return { title: { default: name, template: `%s · ${name} · Switchyard` } };
}

export default async function ApplicationLayout({ children, params }: { children: ReactNode; params: Params }) {
  const [t, live] = await Promise.all([getTranslations("layout"), getTranslations("live")]);
  const name = decodeURIComponent((await params).application);
  const result = await getApplication(await pageContext(), name);
  if (!result.ok) {
    if (result.code === "NOT_FOUND") notFound();
    return (
      <>
        <PageHeader title={name} />
        <Problem title={t("cannotBeShown", { name })} problem={result} />
      </>
    );
  }
  const { cluster, region, controller } = result.value;
  return (
    <LiveProvider key={name} url={`/api/v1/applications/${encodeURIComponent(name)}/live`} initial={[result.value]}>
      <PageHeader
        title={<ApplicationTitle name={name} />}
        detail={`${cluster} · ${region} · ${live(`controller.${controller}`)}`}
      >
        <StreamPill application={name} />
      </PageHeader>
      <noscript>
        <p className="mb-3 rounded-card border border-warning bg-card px-4 py-2">
          {live("noScript", { time: new Date(result.value.observedAt).toISOString().slice(11, 19) })}
        </p>
      </noscript>
      {children}
      <StreamBanner />
      <TitleAlert />
    </LiveProvider>
  );
}
