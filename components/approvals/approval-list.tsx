import Link from "next/link";
import { deploymentTitle } from "@/components/live/stage-words.ts";
import { EmptyState } from "@/components/ui/notice.tsx";
import { SlotMark } from "@/components/ui/slot-mark.tsx";
import { StateIcon } from "@/components/ui/state-icon.tsx";
import { Age, ClockTime } from "@/components/ui/time.tsx";
import type { Deployment } from "@/lib/domain/deployment/deployment.ts";
import type { Blocker } from "@/lib/domain/verb/blocker.ts";

/** One deployment that waits for people. */
export type WaitingItem = Pick<
  Deployment,
  "id" | "application" | "kind" | "from" | "to" | "revision" | "actor" | "reason"
> & {
  since: number;
  expiresAt: number | null;
  onTimeLimit: "ROLLBACK" | "CONTINUE";
  approvers: number;
  given: number;
  approvedBy: string[];
  lapsed?: { at: number; why: string } | null;
  blocker: Blocker | null;
};

/** Everything that waits for approval, newest first: what waits for the reader, then what waits for others and why. */
export function ApprovalList({ items }: { items: readonly WaitingItem[] }) {
  if (items.length === 0)
    return (
      <EmptyState title="Nothing waits for approval">
        Releases and switches whose application asks for approval stand here until enough people have approved them. Say
        who approves what under approvals: in switchyard.yaml.
      </EmptyState>
    );
  const yours = items.filter((item) => item.blocker === null);
  const others = items.filter((item) => item.blocker !== null);
  return (
    <div className="flex max-w-[1040px] flex-col gap-3">
      <Group title="Waits for you" items={yours} empty="Nothing waits for your word." />
      {others.length > 0 ? <Group title="Waits for others" items={others} /> : null}
    </div>
  );
}

function Group({ title, items, empty }: { title: string; items: readonly WaitingItem[]; empty?: string }) {
  const id = title.toLowerCase().replaceAll(" ", "-");
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

function Item({ item }: { item: WaitingItem }) {
  const { lapsed, blocker } = item;
  return (
    <li className="relative border-t border-line px-4 py-2.5 hover:bg-soft">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Link
          href={`/approvals/${encodeURIComponent(item.id)}`}
          prefetch={false}
          className="flex min-w-0 items-center gap-2 font-semibold after:absolute after:inset-0"
        >
          <SlotMark color={item.to} size={16} />
          <span className="truncate">
            {item.application}: {deploymentTitle(item)}
          </span>
        </Link>
        <span className="flex items-center gap-1.5">
          <StateIcon shape="waiting" />
          {item.given} of {item.approvers}
        </span>
        <span className="ml-auto text-second">
          asked <Age at={item.since} /> ago
        </span>
      </div>
      <p className="mt-0.5 break-words text-xs text-second">
        By {item.actor.name}
        {item.reason ? `: ${item.reason}` : ""}
        {item.approvedBy.length > 0 ? `. Approved by ${item.approvedBy.join(", ")}` : ""}
      </p>
      {item.expiresAt !== null ? (
        <p className="text-xs text-second">
          If nobody acts: <ClockTime at={item.expiresAt} precision="day" />,{" "}
          {item.onTimeLimit === "CONTINUE" ? `it goes on to ${item.to}` : `it rolls back, ${item.from} stays live`}
        </p>
      ) : null}
      {lapsed ? (
        <p className="flex items-start gap-1.5 text-xs text-warning">
          <StateIcon shape="warning" size={12} />
          <span>
            Lapsed at <ClockTime at={lapsed.at} precision="minute" />: {lapsed.why}
          </span>
        </p>
      ) : null}
      {blocker ? <p className="text-xs text-second">{blocker.message}</p> : null}
    </li>
  );
}
