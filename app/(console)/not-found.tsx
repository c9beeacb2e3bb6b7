import { PageHeader } from "@/components/layout/page-header.tsx";
import { getTranslations } from "@/components/messages/server-translations.ts";
import { buttonLook } from "@/components/ui/button-look.ts";
import { EmptyState } from "@/components/ui/notice.tsx";

export async function generateMetadata() {
  return { title: (await getTranslations("layout"))("notFound") };
}

export default async function NotFound() {
  const t = await getTranslations("layout");
  return (
    <>
      <PageHeader title={t("notFound")} />
      <div className="card">
        <EmptyState title={t("notFound.nothing")}>
          <p className="mb-4">{t("notFound.why")} </p>
          <a href="/" className={buttonLook("primary")}>
            {t("error.overview")}
          </a>
        </EmptyState>
      </div>
    </>
  );
}
