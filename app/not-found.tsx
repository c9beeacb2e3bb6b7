import { NothingHere } from "@/components/layout/nothing-here.tsx";
import { getTranslations } from "@/components/messages/server-translations.ts";

export async function generateMetadata() {
  return { title: (await getTranslations("layout"))("notFound") };
}

/** An address that no page has: nobody is asked who they are here, so nothing of the console stands around it. */
export default async function NoSuchAddress() {
  const t = await getTranslations("layout");
  return (
    <main className="mx-auto max-w-[680px] px-4 py-16">
      <h1 className="sr-only">{t("notFound")}</h1>
      <NothingHere />
    </main>
  );
}
