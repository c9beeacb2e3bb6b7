"use client";
import Link from "next/link";
import { useTranslations } from "#translations";
import { useNow } from "@/components/ui/clock.tsx";
import { StateIcon } from "@/components/ui/state-icon.tsx";
import { ClockTime } from "@/components/ui/time.tsx";
import type { Deployment } from "@/lib/domain/deployment/deployment.ts";
import { endKindOf, incidentIdOf } from "@/lib/domain/incident/incident-kind.ts";

/** For so long the board leads to it; afterwards it stands in the lists. */
const FRESH_MS = 60 * 60_000;

/** The way from the board to the page of what has just gone wrong or was rolled back; nothing where all went well. */
export function HappenedLine({ application, last }: { application: string; last: Deployment | null }) {
  const t = useTranslations("incident");
  const now = useNow(10_000);
  const endedAt = last?.finishedAt ?? null;
  if (!last || endedAt === null || now - endedAt > FRESH_MS || endKindOf(last) === null) return null;
  return (
    <p className="flex min-w-0">
      <Link
        href={`/${encodeURIComponent(application)}/incidents/${encodeURIComponent(incidentIdOf(last))}`}
        className="flex max-w-full items-center gap-1.5 leading-4 font-semibold hover:underline"
      >
        <StateIcon shape="warning" size={14} />
        <span className="min-w-0 truncate">
          {t("title")}, <ClockTime at={endedAt} precision="minute" />
        </span>
      </Link>
    </p>
  );
}
