"use client";
import { useTranslations } from "#translations";
import { Button } from "@/components/ui/button.tsx";
import { buttonLook } from "@/components/ui/button-look.ts";
import { EmptyState } from "@/components/ui/notice.tsx";

export default function ErrorPage({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  const t = useTranslations("layout");
  return (
    <div className="card mt-12" role="alert">
      <EmptyState title={t("error.notDrawn")}>
        <p className="mb-1">
          {error.digest
            ? t.rich("error.loggedAs", {
                digest: error.digest,
                mono: (chunks) => <span className="font-mono text-xs">{chunks}</span>,
              })
            : t("error.logged")}
        </p>
        <div className="mt-4 flex justify-center gap-2">
          <Button look="primary" onClick={reset}>
            {t("error.again")}
          </Button>
          <a href="/" className={buttonLook()}>
            {t("error.overview")}
          </a>
        </div>
      </EmptyState>
    </div>
  );
}
