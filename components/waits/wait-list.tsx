import Link from "next/link";
import { useSaid, useTranslations } from "#translations";
import { Lapsed } from "@/components/approvals/approval-people.tsx";
import { startedOutside } from "@/components/board/driven-facts.ts";
import { titleSaid } from "@/components/live/stage-words.ts";
import { EmptyState } from "@/components/ui/notice.tsx";
import { SlotMark } from "@/components/ui/slot-mark.tsx";
import { StateIcon } from "@/components/ui/state-icon.tsx";
import { Age, ClockTime, Countdown } from "@/components/ui/time.tsx";
import { nameSaid } from "@/lib/domain/access/person-name.ts";
import { approvalCountSaid } from "@/lib/domain/deployment/approval.ts";
import type { Deployment } from "@/lib/domain/deployment/deployment.ts";
import type { Wait } from "@/lib/domain/rules/waits.ts";
import type { Blocker } from "@/lib/domain/verb/blocker.ts";

/** One thing that waits for a person. */
export type WaitItem = Wait &
  Pick<Deployment, "id" | "application" | "from" | "to" | "revision" | "actor" | "reason"> & {
    deploymentKind: Deployment["kind"];
    /** Whether somebody else started it in AWS. */
    isForeign: boolean;
    approval: {
      approvers: number;
      given: number;
      approvedBy: string[];
      lapsed?: { at: number; why: string } | null;
    } | null;
    /** Why it does not wait for the reader; null when it does. */
    blocker: Blocker | null;
  };

/** Everything that waits for a person, in the order given: what waits for the reader, for others, and what closes by itself. */
export function WaitList({ items }: { items: readonly WaitItem[] }) {
  const t = useTranslations("waits");
  if (items.length === 0) return <EmptyState title={t("none")}>{t("noneWhy")}</EmptyState>;
  const asked = items.filter(({ asks }) => asks);
  const others = asked.filter(({ blocker }) => blocker !== null);
  const kept = items.filter(({ asks }) => !asks);
  return (
    <div className="flex max-w-[1040px] flex-col gap-3">
      <Group
        id="waits-for-you"
        title={t("forYou")}
        items={asked.filter(({ blocker }) => blocker === null)}
        empty={t("noneForYou")}
      />
      {others.length > 0 ? <Group id="waits-for-others" title={t("forOthers")} items={others} /> : null}
      {kept.length > 0 ? <Group id="closes-by-itself" title={t("byItself")} items={kept} /> : null}
    </div>
  );
}

function Group({ id, title, items, empty }: { id: string; title: string; items: readonly WaitItem[]; empty?: string }) {
  return (
    <section className="card" aria-labelledby={id}>
      <h2 id={id} className="px-4 pt-3 pb-2 font-semibold">
        {title} <span className="font-normal text-second">{items.length}</span>
      </h2>
      {items.length === 0 ? <p className="px-4 pb-3 text-second">{empty}</p> : null}
      <ul>
        {items.map((item) => (
          <Item key={item.id} item={item} />
        ))}
      </ul>
    </section>
  );
}

/** Where it is answered: one tap leads there, the next one answers. */
function pathOf({ kind, id, application, asks }: WaitItem): string {
  if (kind === "approval") return `/approvals/${encodeURIComponent(id)}`;
  const board = `/${encodeURIComponent(application)}`;
  if (!asks) return board;
  return `${board}?answer=${kind === "window" ? "close" : "switch"}`;
}

function Item({ item }: { item: WaitItem }) {
  const t = useTranslations("waits");
  const said = useSaid();
  const { approval, blocker, kind } = item;
  const approvedBy = approval?.approvedBy ?? [];
  const outside = startedOutside({ actor: item.actor, ...(item.isForeign ? { aws: { isForeign: true } } : {}) });
  return (
    <li className="relative flex items-center gap-3 border-t border-line px-4 py-2.5 hover:bg-soft">
      <div className="min-w-0 flex-1">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <Link
            href={pathOf(item)}
            prefetch={false}
            className="flex min-w-0 items-center gap-2 font-semibold after:absolute after:inset-0"
          >
            <SlotMark color={item.to} size={16} />
            <span className="min-w-0 break-words md:truncate">
              {item.application}: {said(titleSaid({ ...item, kind: item.deploymentKind }))}
            </span>
          </Link>
          <span className="flex items-center gap-1.5">
            <StateIcon shape="waiting" />
            {approval && kind === "approval" ? said(approvalCountSaid(approval)) : t(`kind.${kind}`)}
          </span>
        </div>
        <EndLine item={item} />
        <p className="mt-0.5 break-words text-xs text-second">
          {t.rich(item.reason ? "byWhy" : "by", {
            by: outside ? said(outside) : t("byName", { name: said(nameSaid(item.actor.name, item.actor.via)) }),
            reason: item.reason ?? "",
            approved: approvedBy.length > 0 ? t("approvedBy", { names: approvedBy.join(", ") }) : "",
            age: () => <Age at={item.since} />,
          })}
        </p>
        {approval?.lapsed ? (
          <p className="flex items-start gap-1.5 text-xs text-warning">
            <StateIcon shape="warning" size={12} />
            <span>
              <Lapsed lapsed={approval.lapsed} />
            </span>
          </p>
        ) : null}
        {blocker ? <p className="text-xs text-second">{said(blocker.said, blocker.message)}</p> : null}
      </div>
      {item.asks && blocker === null ? (
        <span
          aria-hidden="true"
          className="shrink-0 rounded-control border border-line bg-card px-3 py-1.5 font-medium"
        >
          {t(`verb.${kind}`)}
        </span>
      ) : null}
    </li>
  );
}

/** "At 03:10 this goes LIVE on green, in 12:41". */
function EndLine({ item: { endsAt, words: english, said, consequence, asks } }: { item: WaitItem }) {
  const t = useTranslations("waits");
  const words = useSaid()(said, english);
  if (endsAt === null) return <p className="mt-0.5 text-second">{t("gateEndUnknown", { what: words })}</p>;
  const isBad = asks && (consequence === "goes-live" || consequence === "turns-back");
  return (
    <p className={`mt-0.5 flex items-start gap-1.5 ${isBad ? "font-medium text-warning" : ""}`}>
      {isBad ? (
        <span className="mt-[3px]">
          <StateIcon shape="warning" size={12} />
        </span>
      ) : null}
      <span>
        {t.rich("endsAt", {
          time: () => <ClockTime at={endsAt} precision="minute" />,
          what: words,
          left: () => <Countdown until={endsAt} />,
          quiet: (chunks) => <span className="font-normal text-second">{chunks}</span>,
        })}
      </span>
    </p>
  );
}
