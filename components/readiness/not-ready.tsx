import Link from "next/link";
import { useTranslations } from "#translations";
import { Notice } from "@/components/ui/notice.tsx";
import type { ReadinessReport } from "@/lib/domain/readiness/readiness.ts";
import { missingForDeployment } from "@/lib/domain/readiness/readiness-report.ts";

/** What a deployment needs and readiness finds missing, in the same words; nothing when all of it is there. */
export function NotReady({ report }: { report: ReadinessReport }) {
  const t = useTranslations("readiness");
  const missing = missingForDeployment(report);
  if (missing.length === 0) return null;
  return (
    <div className="mt-3 max-w-[1100px]">
      <Notice tone="warning" compact title={t("missing")}>
        <ul>
          {missing.map(({ id, number, title, points }) => (
            <li key={id}>
              <Link
                href={`/readiness?application=${encodeURIComponent(report.application)}#step-${id}`}
                className="underline"
              >
                {number} {title}
              </Link>
              : {points.find(({ outcome }) => outcome === "fail")?.evidence}
            </li>
          ))}
        </ul>
      </Notice>
    </div>
  );
}
