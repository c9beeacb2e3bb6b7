import { useSaid, useTranslations } from "#translations";
import { FieldName } from "@/components/ui/field-name.tsx";
import { Notice } from "@/components/ui/notice.tsx";
import { type ImageParts, parseImage } from "@/lib/domain/observation/image-tag.ts";
import type { TaskDefinitionChange } from "@/lib/domain/observation/task-definition.ts";
import type { DeployPlan } from "./deploy-plan.ts";

/** The task definition's changes, one field each, before above after; what keeps it from being started on top. */
export function PlanDiff({ plan }: { plan: DeployPlan }) {
  const said = useSaid();
  const t = useTranslations("deploy");
  return (
    <div className="flex flex-col gap-3">
      {plan.blockers.map((blocker) => (
        <Notice key={blocker.code} tone="fault" compact title={said(blocker.said, blocker.message)}>
          {said(blocker.fixSaid, blocker.fix ?? "")}
        </Notice>
      ))}
      {plan.notices.map((notice) => (
        <Notice key={notice} tone="plain" compact title={notice} />
      ))}
      {plan.changes.length === 0 ? (
        <Notice tone="plain" compact title={t("nothingChanges", { slot: plan.slot })}>
          {t("sameAgain")}
        </Notice>
      ) : (
        <table className="w-full table-fixed text-xs">
          <caption className="sr-only">{t("changesOf")}</caption>
          <thead className="text-second">
            <tr>
              <th scope="col" className="w-[110px] pb-1">
                {t("field")}
              </th>
              <th scope="col" className="pb-1">
                {t("beforeAfter")}
              </th>
            </tr>
          </thead>
          <tbody>
            {plan.changes.map((change) => (
              <tr key={change.field} className="border-t border-line align-top">
                <th scope="row" className="py-1.5 pr-2 break-words">
                  <FieldName field={change.field} />
                </th>
                <td className="py-1.5 font-mono text-2xs break-words">
                  <Change change={change} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <p className="text-xs text-second">
        {t("neverShown")} {t("family", { family: plan.next.family })}
        {plan.next.cpu ? t("cpu", { cpu: plan.next.cpu }) : ""}
        {plan.next.memory ? t("memory", { memory: plan.next.memory }) : ""}.
      </p>
    </div>
  );
}

function Change({ change: { before, after } }: { change: TaskDefinitionChange }) {
  const t = useTranslations("deploy");
  const [was, is] = [before ? parseImage(before) : null, after ? parseImage(after) : null];
  const isImage = was?.digest && is?.digest && was.repository === is.repository;
  return (
    <>
      <p className="text-second" title={before ?? undefined}>
        <span className="sr-only">{t("before")} </span>
        <span aria-hidden="true">− </span>
        {isImage ? imageWords(was) : (before ?? t("absent"))}
      </p>
      <p className="font-medium" title={after ?? undefined}>
        <span className="sr-only">{t("after")} </span>
        <span aria-hidden="true">+ </span>
        {isImage ? imageWords(is) : (after ?? t("absent"))}
      </p>
      {isImage ? <p className="break-all text-second">{t("in", { repository: is.repository })}</p> : null}
    </>
  );
}

/** Tag and as much of the digest as tells two apart; the whole of it is in the title. */
function imageWords({ tag, digest }: ImageParts): string {
  return [tag, digest?.slice(0, 26)].filter(Boolean).join(" @ ");
}
