"use client";
import { useRouter } from "next/navigation";
import { useEffect } from "react";
import { useTranslations } from "#translations";

const AGAIN_MS = 3_000;

/** In the place of what is being put together: the last lines take some seconds to arrive. Looks again by itself. */
export function IncidentSoon() {
  const t = useTranslations("incident");
  const router = useRouter();
  useEffect(() => {
    const timer = setInterval(() => router.refresh(), AGAIN_MS);
    return () => clearInterval(timer);
  }, [router]);
  return (
    <p role="status" className="card p-4 text-second">
      {t("soon")}
    </p>
  );
}
