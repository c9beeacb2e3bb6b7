import { NothingHere } from "@/components/layout/nothing-here.tsx";
import { PageHeader } from "@/components/layout/page-header.tsx";
import { getTranslations } from "@/components/messages/server-translations.ts";

export async function generateMetadata() {
  return { title: (await getTranslations("layout"))("notFound") };
}

export default async function NotFound() {
  const t = await getTranslations("layout");
  return (
    <>
      <PageHeader title={t("notFound")} />
      <NothingHere />
    </>
  );
}
