"use client";
import Link from "next/link";
import { useEffect, useState } from "react";
import { useTranslations } from "#translations";
import { formatClock } from "@/components/ui/format-time.ts";
import { StateIcon } from "@/components/ui/state-icon.tsx";
import type { ErrorComparison } from "@/lib/domain/observation/error-kinds.ts";
import { ErrorKinds, linesOfKind } from "./error-kinds.tsx";

const AGAIN_MS = 30_000;

type Answer = { found: ErrorComparison; why: null } | { found: null; why: string | null };

async function read(application: string): Promise<Answer> {
  try {
    const response = await fetch(`/api/v1/applications/${encodeURIComponent(application)}/errors`, {
      cache: "no-store",
    });
    const body = (await response.json()) as ErrorComparison & { detail?: string };
    return response.ok ? { found: body, why: null } : { found: null, why: body.detail ?? `${response.status}` };
  } catch {
    return { found: null, why: "–" };
  }
}

/**
 * What only the new side writes, in one line that is there from the beginning, so that nothing moves when it is known. With
 * `isListed` every kind by which the sides differ stands below it, closed until somebody opens it.
 */
export function ErrorsLine({ application, isListed = false }: { application: string; isListed?: boolean }) {
  const t = useTranslations("incident");
  const [{ found, why }, setAnswer] = useState<Answer>({ found: null, why: null });
  useEffect(() => {
    let isGone = false;
    const look = async () => {
      if (document.visibilityState === "hidden") return;
      const answer = await read(application);
      if (!isGone) setAnswer(answer);
    };
    void look();
    const timer = setInterval(() => void look(), AGAIN_MS);
    document.addEventListener("visibilitychange", look);
    return () => {
      isGone = true;
      clearInterval(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, [application]);

  const all = found ? [...found.onlyHere, ...found.maybe] : [];
  const [first] = all.toSorted((a, b) => a.firstAt - b.firstAt);
  const list = isListed && found ? <ErrorKinds application={application} found={found} /> : null;
  if (!found || !first)
    return (
      <>
        <p aria-live="polite" className="truncate text-second">
          {found ? t("onlyInNone", { side: found.color }) : why === null ? t("comparing") : t("notCompared", { why })}
        </p>
        {list}
      </>
    );
  const words = { count: all.length, side: found.color, time: formatClock(first.firstAt) };
  const isSure = found.onlyHere.length > 0;
  return (
    <>
      <p aria-live="polite" className="truncate">
        <Link
          href={linesOfKind(application, first, found.color)}
          title={first.example.text}
          className={`inline-flex max-w-full items-center gap-1.5 font-semibold hover:underline ${isSure ? "text-fault" : "text-warning"}`}
        >
          <StateIcon shape={isSure ? "fault" : "warning"} size={14} />
          <span className="truncate">
            {found.maybe.length === 0 ? t("onlyIn", words) : t("onlyInSome", { ...words, maybe: found.maybe.length })}
          </span>
        </Link>
      </p>
      {list}
    </>
  );
}
