"use client";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { announce } from "@/components/ui/announcer.tsx";
import { Button } from "@/components/ui/button.tsx";
import { notDoneWords } from "@/lib/domain/access/not-done.ts";
import type { Delivery } from "@/lib/domain/notification/notification.ts";
import type { Result } from "@/lib/domain/verb/blocker.ts";

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
  const router = useRouter();
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const retry = async () => {
    setBusy(true);
    setFailure(null);
    try {
      const result = await onRetry({ application, deliveryId });
      if (result.ok) announce(`${title}: is tried now`);
      else setFailure(result.message);
    } catch (error) {
      setFailure(notDoneWords(error) ?? "No answer from Switchyard. Reload the page");
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
        aria-label={`Try now: ${title}`}
        onClick={() => void retry()}
      >
        Try now
      </Button>
      <span role="status" className="block text-fault empty:hidden">
        {failure}
      </span>
    </>
  );
}
