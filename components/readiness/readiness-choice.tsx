"use client";
import { useRouter } from "next/navigation";
import { useTranslations } from "#translations";

/** Which application's readiness is shown. */
export function ReadinessChoice({ names, chosen }: { names: readonly string[]; chosen: string | null }) {
  const t = useTranslations("readiness");
  const router = useRouter();
  return (
    <select
      aria-label={t("application")}
      value={chosen ?? ""}
      onChange={(event) => router.push(`/readiness?application=${encodeURIComponent(event.target.value)}`)}
      className="field text-ink"
    >
      {names.map((name) => (
        <option key={name} value={name}>
          {name}
        </option>
      ))}
    </select>
  );
}
