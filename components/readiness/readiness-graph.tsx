import { useSaid, useTranslations } from "#translations";
import type { ReadinessStep } from "@/lib/domain/readiness/readiness.ts";
import { cutText } from "@/lib/domain/text/cut-text.ts";
import { type GraphNode, layoutGraph } from "./graph-layout.ts";

const WIDTH = 168;
/** As large as a finger. */
const HEIGHT = 44;
const GAP_X = 36;
const GAP_Y = 10;

const x = ({ column }: GraphNode<unknown>) => column * (WIDTH + GAP_X) + 2;
const y = ({ row }: GraphNode<unknown>) => row * (HEIGHT + GAP_Y) + 2;

/** What has to come before what, drawn from the steps. Every box leads to its step, by key too, and says what it needs. */
export function ReadinessGraph({ steps }: { steps: readonly ReadinessStep[] }) {
  const t = useTranslations("readiness");
  const said = useSaid();
  const { nodes, edges, columns, rows } = layoutGraph(steps);
  const titleOf = new Map(steps.map(({ id, title, titleSaid }) => [id, said(titleSaid, title)]));
  const size = { width: columns * (WIDTH + GAP_X), height: rows * (HEIGHT + GAP_Y) };
  return (
    <section aria-labelledby="graph-title" className="card px-3.5 py-3">
      <h2 id="graph-title" className="font-semibold">
        {t("graph")}
      </h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key. */}
      <section className="mt-2 overflow-x-auto" tabIndex={0} aria-label={t("graphLabel")}>
        {/* biome-ignore lint/a11y/useSemanticElements: an svg of links is no fieldset, and without a role readers may take it for one picture. */}
        <svg role="group" aria-label={t("graphTitle")} {...size} viewBox={`0 0 ${size.width} ${size.height}`}>
          {edges.map(({ from, to }) => {
            const [x1, y1, x2, y2] = [x(from) + WIDTH, y(from) + HEIGHT / 2, x(to), y(to) + HEIGHT / 2];
            const bend = (x1 + x2) / 2;
            return (
              <path
                key={`${from.step.id} ${to.step.id}`}
                d={`M${x1} ${y1}C${bend} ${y1} ${bend} ${y2} ${x2} ${y2}`}
                fill="none"
                className="stroke-faint"
                strokeWidth={1.2}
              />
            );
          })}
          {nodes.map((node) => {
            const { step } = node;
            const needs = step.needs.map((id) => titleOf.get(id) ?? id).join(", ");
            const word = t("outcome", { outcome: step.outcome });
            const name = `${step.number} ${said(step.titleSaid, step.title)}`;
            return (
              <a
                key={step.id}
                href={`#step-${step.id}`}
                aria-label={needs ? t("node", { step: name, word, needs }) : t("nodeFree", { step: name, word })}
              >
                <rect
                  x={x(node)}
                  y={y(node)}
                  width={WIDTH}
                  height={HEIGHT}
                  rx={6}
                  className={`fill-card ${step.outcome === "fail" ? "stroke-fault" : step.outcome === "pass" ? "stroke-ink" : "stroke-faint"}`}
                  strokeWidth={step.outcome === "pass" ? 1.6 : 1.2}
                  strokeDasharray={step.outcome === "unknown" || step.outcome === "put off" ? "4 3" : undefined}
                />
                <text x={x(node) + 8} y={y(node) + 16} className="fill-ink text-2xs font-medium">
                  {`${step.number} ${shorten(said(step.titleSaid, step.title))}`}
                </text>
                <text x={x(node) + 8} y={y(node) + 31} className="fill-second text-2xs">
                  {word}
                </text>
              </a>
            );
          })}
        </svg>
      </section>
    </section>
  );
}

/** A box takes so many letters; the whole title is in its label. */
function shorten(title: string): string {
  return title.length > 25 ? `${cutText(title, 24)}…` : title;
}
