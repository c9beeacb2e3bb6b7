"use client";
import Link from "next/link";
import { useTranslations } from "#translations";
import { formatClock } from "@/components/ui/format-time.ts";
import type { ErrorComparison, ErrorKind } from "@/lib/domain/observation/error-kinds.ts";
import { otherColor, type SlotColor } from "@/lib/domain/observation/slot.ts";

/** The way to a kind's lines on a side, at the first of them. */
export function linesOfKind(application: string, { example }: Pick<ErrorKind, "example">, side: SlotColor): string {
  const query = new URLSearchParams({ log: "level:error", view: side, at: String(example.at), line: example.id });
  return `/${encodeURIComponent(application)}/logs?${query}`;
}

/** Every kind of error by which the sides differ: how often for what each served, since when, and the way to its lines. */
export function ErrorKinds({ application, found }: { application: string; found: ErrorComparison }) {
  const t = useTranslations("incident");
  const side = found.color;
  const other = otherColor(side);
  const groups = [
    { name: t("kindsOnlyHere", { side }), kinds: found.onlyHere, of: side },
    { name: t("kindsMaybe", { side }), kinds: found.maybe, of: side },
    { name: t("kindsMoreHere", { side }), kinds: found.moreHere, of: side },
    { name: t("kindsGone", { side }), kinds: found.gone, of: other },
  ].filter(({ kinds }) => kinds.length > 0);
  if (groups.length === 0) return null;
  const rate = (kind: ErrorKind, of: SlotColor) =>
    ((kind.counts[of] / Math.max(1, found.exposure[of])) * 1000).toFixed(1);
  return (
    <details className="text-sm">
      <summary className="cursor-pointer text-second">{t("kindsCompared")}</summary>
      {groups.map(({ name, kinds, of }) => (
        <section key={name} aria-label={name} className="mt-2">
          <h3 className="font-semibold">{name}</h3>
          <ul>
            {kinds.map((kind) => (
              <li key={kind.signature} className="flex flex-wrap items-baseline gap-x-3 py-0.5">
                <Link className="min-w-0 truncate font-mono hover:underline" href={linesOfKind(application, kind, of)}>
                  {kind.example.text}
                </Link>
                <span className="text-second">
                  {t("kindRate", {
                    side: of,
                    count: kind.counts[of],
                    rate: rate(kind, of),
                    other: otherColor(of),
                    otherRate: rate(kind, otherColor(of)),
                    time: formatClock(kind.firstAt),
                  })}
                </span>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </details>
  );
}
