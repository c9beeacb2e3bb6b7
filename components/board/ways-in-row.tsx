"use client";
import { useSaid, useTranslations } from "#translations";
import { ScrollRegion } from "@/components/ui/scroll-region.tsx";
import type { WayIn } from "@/lib/domain/observation/way-in.ts";
import { orText, type Sentence, say } from "@/lib/domain/sentence/sentence.ts";

/** Every way in with its weights and whether a switch moves it; nothing where there is but one. */
export function WaysInRow({ ways }: { ways: readonly WayIn[] }) {
  const t = useTranslations("board");
  const said = useSaid();
  if (ways.length < 2) return null;
  return (
    <ScrollRegion
      label={t("ways")}
      className="flex max-h-24 min-w-0 flex-wrap items-baseline gap-x-5 gap-y-1 text-xs leading-5"
    >
      <h2 className="text-2xs text-second">{t("ways")}</h2>
      <ul aria-label={t("ways")} className="contents">
        {ways.map((way) => (
          <li key={way.arn} className="min-w-0 break-words">
            <span className="font-medium">{way.listener}</span>
            {way.priority === null ? null : ` ${said(wayPlace(way), "")}`}
            {way.through ? <span className="text-second"> → {way.through.join(", ")}</span> : null}
            <span className="text-second">: </span>
            <span className="font-semibold">{wayWeights(way)}</span>{" "}
            <span className="text-second">
              {way.use === "test" && way.priority !== null ? t("ways.testRule") : t(`ways.${way.use}`)}
              {said(wayReach(way), "")}
            </span>
          </li>
        ))}
      </ul>
    </ScrollRegion>
  );
}

/** "rule 5 (path /api/*)"; nothing for a default action. */
function wayPlace({ priority, takes, takesSaid }: WayIn): Sentence | undefined {
  return priority === null ? undefined : say("board.ways.rule", { priority, takes: orText(takesSaid, takes) });
}

/** ", never reached: rule 1 comes first and takes every request"; nothing where it is reached. */
export function wayReach({ shadowedBy, shadowedSaid }: WayIn): Sentence | undefined {
  if (shadowedBy === undefined) return undefined;
  return say("board.ways.neverReached", { why: orText(shadowedSaid, shadowedBy) });
}

/** "blue 100, green 0"; with what others get, where they get some. */
export function wayWeights({ weights, others }: WayIn): string {
  const more = others.filter(({ weight }) => weight > 0).map(({ name, weight }) => `, ${name} ${weight}`);
  return `blue ${weights.blue}, green ${weights.green}${more.join("")}`;
}
