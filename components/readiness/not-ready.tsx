import Link from "next/link";
import { useSaid, useTranslations } from "#translations";
import { Notice } from "@/components/ui/notice.tsx";
import type { ReadinessReport } from "@/lib/domain/readiness/readiness.ts";
import { missingForDeployment } from "@/lib/domain/readiness/readiness-report.ts";

/** What a deployment needs and readiness finds missing, in the same words; nothing when all of it is there. */
export function NotReady({ report }: { report: ReadinessReport }) {
  const t = useTranslations("readiness");
  const said = useSaid();
  const missing = missingForDeployment(report).map((step) => ({
    ...step,
    finding: step.points.find(({ outcome }) => outcome === "fail"),
  }));
  if (missing.length === 0) return null;
  return (
    <div className="mt-3 max-w-[1100px]">
      <Notice tone="warning" compact title={t("missing")}>
        <ul>
          {missing.map(({ id, number, title, finding }) => (
            <li key={id}>
              <Link
                href={`/readiness?application=${encodeURIComponent(report.application)}#step-${id}`}
                className="underline"
              >
                {number} {title}
              </Link>
              : {finding && said(finding.said, finding.evidence)}
            </li>
          ))}
        </ul>
      </Notice>
    </div>
  );
}
