import Link from "next/link";
import { useTranslations } from "#translations";
import { CAPABILITIES } from "@/lib/domain/application/capabilities.ts";
import type { ControllerName } from "@/lib/domain/application/controller-name.ts";

/** The way to what a move to ECS's own deployments would take; nothing where ECS deploys already, or nothing is configured. */
export function MovingLink({ application, controller }: { application: string; controller: ControllerName | null }) {
  const t = useTranslations("manualCommands");
  if (controller === null || CAPABILITIES[controller].moves === "ECS") return null;
  return (
    <p className="px-1 py-3">
      <Link
        className="inline-flex items-center underline underline-offset-2"
        href={`/${encodeURIComponent(application)}/moving`}
      >
        {t("moving.link", { application })}
      </Link>
    </p>
  );
}
