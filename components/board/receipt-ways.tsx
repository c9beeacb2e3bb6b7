"use client";
import { useSaid, useTranslations } from "#translations";
import { type WayIn, waySaid } from "@/lib/domain/observation/way-in.ts";
import { wayReach, wayWeights } from "./ways-in-row.tsx";

/** Which ways in a switch moves and which it leaves alone, one line each. */
export function ReceiptWays({ ways }: { ways: readonly WayIn[] }) {
  const t = useTranslations("board");
  const moving = ways.filter(({ use }) => use === "production");
  const staying = ways.filter(({ use }) => use !== "production");
  if (ways.length < 2) return null;
  return (
    <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 gap-y-1 text-sm">
      <Ways title={t("ways.moves")} ways={moving} />
      {staying.length > 0 ? <Ways title={t("ways.stays")} ways={staying} /> : null}
    </dl>
  );
}

/** What it takes with its English beside it: a browser has no English of conditions. */
function withEnglish(way: WayIn): WayIn {
  return way.takesSaid ? { ...way, takesSaid: { ...way.takesSaid, otherwise: way.takes } } : way;
}

function Ways({ title, ways }: { title: string; ways: readonly WayIn[] }) {
  const t = useTranslations("board");
  const said = useSaid();
  return (
    <>
      <dt className="text-second">{title}</dt>
      <dd>
        <ul>
          {ways.map((way) => (
            <li key={way.arn} className="break-words">
              {t.rich("ways.now", {
                way: said(waySaid(withEnglish(way))),
                weights: wayWeights(way),
                b: (chunks) => <span className="font-semibold">{chunks}</span>,
              })}
              <span className="text-second">
                {said(wayReach(way), "")}
                {way.use === "test" ? t(way.priority === null ? "ways.theTest" : "ways.theTestRule") : ""}
              </span>
            </li>
          ))}
        </ul>
      </dd>
    </>
  );
}
