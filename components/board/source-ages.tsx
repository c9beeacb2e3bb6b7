"use client";
import { useTranslations } from "#translations";
import { Age } from "@/components/ui/time.tsx";
import { SLOT_COLORS } from "@/lib/domain/observation/slot.ts";
import type { ApplicationSnapshot } from "@/lib/domain/snapshot/snapshot.ts";

/** What each part of the picture was read from, and how long ago; what was never read is left out. */
export function SourceAges({ snapshot }: { snapshot: ApplicationSnapshot }) {
  const t = useTranslations("board");
  const parts = [
    ["weights", snapshot.traffic.readAt],
    ["tasks", sourceReadAt(snapshot, "ecs")],
    ["targets", targetsReadAt(snapshot)],
    ["requests", sourceReadAt(snapshot, "cloudwatch")],
  ] as const;
  return (
    <ul
      aria-label={t("readFrom.heading")}
      className="ml-auto flex flex-wrap gap-x-5 text-2xs leading-5 text-second max-lg:ml-0"
    >
      {parts.map(([part, at]) =>
        at === null ? null : (
          <li key={part} className="tabular-nums">
            {t.rich(`readFrom.${part}`, { age: () => <Age at={at} /> })}
          </li>
        ),
      )}
    </ul>
  );
}

function sourceReadAt(snapshot: ApplicationSnapshot, name: "ecs" | "cloudwatch"): number | null {
  const source = snapshot.sources.find((each) => each.name === name);
  return source && !snapshot.isUnread ? (snapshot.answeredAt ?? snapshot.observedAt) - source.ageMs : null;
}

/** Of the side read longer ago. */
function targetsReadAt({ slots }: ApplicationSnapshot): number | null {
  const times = SLOT_COLORS.flatMap((color) => slots[color].targetsReadAt ?? []);
  return times.length > 0 ? Math.min(...times) : null;
}
