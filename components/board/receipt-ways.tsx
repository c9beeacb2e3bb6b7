"use client";
import { type WayIn, wayWords } from "@/lib/domain/observation/way-in.ts";
import { wayReach, wayWeights } from "./ways-in-row.tsx";

/** Which ways in a switch moves and which it leaves alone, one line each. */
export function ReceiptWays({ ways }: { ways: readonly WayIn[] }) {
  const moving = ways.filter(({ use }) => use === "production");
  const staying = ways.filter(({ use }) => use !== "production");
  if (ways.length < 2) return null;
  return (
    <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 gap-y-1 text-sm">
      <Ways title="Moves" ways={moving} />
      {staying.length > 0 ? <Ways title="Stays" ways={staying} /> : null}
    </dl>
  );
}

function Ways({ title, ways }: { title: string; ways: readonly WayIn[] }) {
  return (
    <>
      <dt className="text-second">{title}</dt>
      <dd>
        <ul>
          {ways.map((way) => (
            <li key={way.arn} className="break-words">
              {wayWords(way)}, now <span className="font-semibold">{wayWeights(way)}</span>
              <span className="text-second">{wayReach(way)}</span>
              {way.use === "test" ? (
                <span className="text-second">, the test {way.priority === null ? "listener" : "rule"}</span>
              ) : null}
            </li>
          ))}
        </ul>
      </dd>
    </>
  );
}
