"use client";
import Link from "next/link";
import { useState } from "react";
import { useSaid, useTranslations } from "#translations";
import { ScrollRegion } from "@/components/ui/scroll-region.tsx";
import { StateIcon } from "@/components/ui/state-icon.tsx";
import { Age } from "@/components/ui/time.tsx";
import type { Role } from "@/lib/domain/access/role.ts";
import type { ApplicationSnapshot } from "@/lib/domain/snapshot/snapshot.ts";
import { AcknowledgeButton } from "./acknowledge-button.tsx";
import type { BoardActions } from "./board-actions.ts";

/** Before everything else until a person has taken note: what Switchyard rolled back by itself, why, and the lines that show it. */
export function RollbackBanner({
  snapshot,
  role,
  acknowledge,
}: {
  snapshot: ApplicationSnapshot;
  role: Role | null;
  acknowledge: BoardActions["acknowledgeRollback"];
}) {
  const said = useSaid();
  const t = useTranslations("board");
  const [problem, setProblem] = useState<string | null>(null);
  const turned = snapshot.automaticRollback;
  if (!turned) return null;
  return (
    <section
      aria-label={t("rolledBackBySwitchyard")}
      className="card shrink-0 border-fault px-3.5 py-2.5 max-md:order-first"
    >
      <div className="flex flex-wrap items-start gap-x-3 gap-y-2">
        <span className="mt-[3px]">
          <StateIcon shape="fault" />
        </span>
        <p className="min-w-0 flex-1 break-words max-sm:basis-3/4">
          <span className="font-semibold text-fault">
            {t.rich(turned.isOver ? "turned.over" : "turned.going", {
              age: () => <Age at={turned.at} />,
              why: said(turned.said, turned.message),
            })}
          </span>{" "}
          <span className="text-second">
            {turned.revision?.tag
              ? t("turned.noPipeline", { version: turned.revision.tag })
              : t("turned.noPipelineThis")}
          </span>{" "}
          <Link
            href={`/${encodeURIComponent(snapshot.name)}/deployments/${turned.deploymentId}`}
            className="underline underline-offset-2"
          >
            {t("allKnown")}
          </Link>
          {problem ? <span role="alert"> {problem}</span> : null}
        </p>
        <AcknowledgeButton
          role={role}
          send={() => acknowledge({ deploymentId: turned.deploymentId })}
          onProblem={setProblem}
        />
      </div>
      {turned.lines.length > 0 ? (
        <ScrollRegion label={t("turned.lines")} className="mt-2 max-h-24 rounded-control bg-fault-ground p-2">
          <pre className="font-mono text-2xs break-words whitespace-pre-wrap">
            {turned.lines.map((line) => line.text).join("\n")}
          </pre>
        </ScrollRegion>
      ) : null}
    </section>
  );
}
