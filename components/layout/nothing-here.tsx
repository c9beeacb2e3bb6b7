import { useTranslations } from "#translations";
import { buttonLook } from "@/components/ui/button-look.ts";
import { EmptyState } from "@/components/ui/notice.tsx";

/** What stands at an address that leads nowhere, with the way to what there is. */
export function NothingHere() {
  const t = useTranslations("layout");
  return (
    <div className="card">
      <EmptyState title={t("notFound.nothing")}>
        <p className="mb-4">{t("notFound.why")} </p>
        <a href="/" className={buttonLook("primary")}>
          {t("error.overview")}
        </a>
      </EmptyState>
    </div>
  );
}
