import { useTranslations } from "#translations";
import { versionOf } from "@/components/live/stage-words.ts";
import { CopyButton } from "@/components/ui/copy-button.tsx";
import { type Fact, FactList } from "@/components/ui/fact-list.tsx";
import { FieldName } from "@/components/ui/field-name.tsx";
import { Icon } from "@/components/ui/icon.tsx";
import { LongName } from "@/components/ui/name-text.tsx";
import { SlotMark } from "@/components/ui/slot-mark.tsx";
import type { DeploymentSource } from "@/lib/domain/deployment/approval.ts";
import type { Deployment } from "@/lib/domain/deployment/deployment.ts";
import { parseImage } from "@/lib/domain/observation/image-tag.ts";
import type { Revision, SlotColor } from "@/lib/domain/observation/slot.ts";
import type { TaskDefinitionChange } from "@/lib/domain/observation/task-definition.ts";
import { shortName } from "@/lib/domain/text/short-name.ts";

/** What would be different for clients: the two revisions, where the new one comes from, and the task definition's changes. */
export function ApprovalChanges({
  deployment,
  changes,
}: {
  deployment: Deployment;
  changes: readonly TaskDefinitionChange[] | null;
}) {
  const t = useTranslations("approvals");
  const { from, to, fromRevision, revision, source } = deployment;
  return (
    <section className="card p-4" aria-labelledby="changes-heading">
      <h2 id="changes-heading" className="mb-2 font-semibold">
        {t("whatChanges")}
      </h2>
      <div className="grid grid-cols-2 gap-3">
        <Side title={t("liveNow")} color={from} revision={fromRevision} />
        <Side title={t("toBeLive")} color={to} revision={revision} />
      </div>
      <Source source={source} />
      {changes === null ? (
        <p className="mt-3 text-second">{t("cannotCompare")}</p>
      ) : changes.length === 0 ? (
        <p className="mt-3 text-second">{t("same")}</p>
      ) : (
        <ul className="mt-3" aria-label={t("changesOf")}>
          {changes.map((change) => (
            <li key={change.field} className="border-t border-line py-1.5">
              <p className="text-xs text-second">
                <FieldName field={change.field} />
              </p>
              <p className="font-mono text-2xs break-all text-second">
                <span className="sr-only">{t("before")} </span>
                <span aria-hidden="true">− </span>
                {imageWords(change.before) ?? t("absent")}
              </p>
              <p className="font-mono text-2xs break-all">
                <span className="sr-only">{t("after")} </span>
                <span aria-hidden="true">+ </span>
                {imageWords(change.after) ?? t("absent")}
              </p>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** Of an image's address its tag and as much of the digest as tells two apart; anything else as it is. */
function imageWords(value: string | null): string | null {
  const image = value === null ? null : parseImage(value);
  if (!image?.digest?.startsWith("sha256:")) return value;
  return `${image.repository.replace(/^.*\//, "")}${image.tag ? `:${image.tag}` : ""} @ ${image.digest.slice(0, 26)}`;
}

function Side({ title, color, revision }: { title: string; color: SlotColor; revision: Revision | null }) {
  const t = useTranslations("approvals");
  return (
    <div className="min-w-0">
      <p className="flex items-center gap-1.5 text-xs text-second">
        <SlotMark color={color} size={14} />
        {title}, {color}
      </p>
      <p className="text-xl font-semibold tracking-tight">
        {revision ? <LongName text={versionOf(revision)} label={t("versionOf", { color })} /> : t("nothing")}
      </p>
      {revision ? (
        <p className="flex items-center gap-1 font-mono text-2xs text-second">
          <span className="truncate" title={revision.digest ?? revision.image}>
            {revision.digest ? revision.digest.slice(0, 19) : t("noDigest")} · {shortName(revision.taskDefinition)}
          </span>
          <CopyButton isSmall label={t("copyImage", { color })} text={revision.image} />
        </p>
      ) : null}
    </div>
  );
}

/** In the words of whoever deployed it: text, and links to https addresses only, that take nothing of this page along. */
function Source({ source }: { source: DeploymentSource | undefined }) {
  const t = useTranslations("approvals");
  const facts: Fact[] = [];
  if (source?.commit || source?.url)
    facts.push([
      t("asTheySay", { name: t("commit") }),
      <Outward key="commit" href={source.url} text={source.commit ?? source.url ?? ""} />,
    ]);
  if (source?.pipeline)
    facts.push([
      t("asTheySay", { name: t("pipeline") }),
      <Outward key="pipeline" href={source.pipeline} text={source.pipeline} />,
    ]);
  return <FactList facts={facts.length === 0 ? [[t("source"), t("sourceUnsaid")]] : facts} className="mt-3 text-xs" />;
}

function Outward({ href, text }: { href: string | undefined; text: string }) {
  const t = useTranslations("approvals");
  if (!href?.startsWith("https://")) return <span className="font-mono break-all">{text}</span>;
  return (
    <a
      href={href}
      target="_blank"
      rel="noopener noreferrer nofollow"
      className="inline-flex max-w-full items-center gap-1 underline underline-offset-2"
    >
      <span className="truncate font-mono">{text}</span>
      <Icon name="external" size={12} />
      <span className="sr-only">{t("otherTab", { host: new URL(href).host })}</span>
    </a>
  );
}
