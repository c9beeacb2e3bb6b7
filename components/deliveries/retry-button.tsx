"use client";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { useSaid, useTranslations } from "#translations";
import { announce } from "@/components/ui/announcer.tsx";
import { Button } from "@/components/ui/button.tsx";
import type { Delivery } from "@/lib/domain/notification/notification.ts";
import type { Result } from "@/lib/domain/verb/blocker.ts";
import { notDoneWords } from "@/lib/messages/not-done.ts";

/** The page's server action. */
export type RetryDelivery = (input: { application: string; deliveryId: number }) => Promise<Result<Delivery>>;

/** Has one delivery tried at once instead of when its back-off ends. */
export function RetryButton({
  application,
  deliveryId,
  title,
  blocked,
  onRetry,
}: {
  application: string;
  deliveryId: number;
  title: string;
  blocked: string | null;
  onRetry: RetryDelivery;
}) {
  const t = useTranslations("deliveries");
  const said = useSaid();
  const router = useRouter();
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const retry = async () => {
    setBusy(true);
    setFailure(null);
    try {
      const result = await onRetry({ application, deliveryId });
      if (result.ok) announce(t("isTried", { title }));
      else setFailure(said(result.said, result.message));
    } catch (error) {
      setFailure(notDoneWords(error) ?? t("noAnswer"));
    }
    setBusy(false);
    router.refresh();
  };
  return (
    <>
      <Button
        size="small"
        busy={isBusy}
        blocked={blocked}
        aria-label={t("tryThis", { title })}
        onClick={() => void retry()}
      >
        {t("tryNow")}
      </Button>
      <span role="status" className="block text-fault empty:hidden">
        {failure}
      </span>
    </>
  );
}
