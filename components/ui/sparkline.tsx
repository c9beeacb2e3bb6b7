const WIDTH = 100;
const HEIGHT = 24;
const STROKES = { blue: "stroke-blue", green: "stroke-green" } as const;

/** The path of values from left to right on a ground of `top`; a null leaves a gap, a value between two gaps is a dot. */
export function sparkPath(values: readonly (number | null)[], top: number): string {
  const step = WIDTH / Math.max(1, values.length - 1);
  return values
    .map((value, i) => {
      if (value === null) return "";
      const x = Math.round(i * step * 100) / 100;
      const y = Math.round((HEIGHT - 1.5 - (Math.min(value, top) / top) * (HEIGHT - 3)) * 100) / 100;
      const isFirst = i === 0 || values[i - 1] === null;
      const isLone = isFirst && (values[i + 1] ?? null) === null;
      return `${isFirst ? "M" : "L"}${x} ${y}${isLone ? "h0" : ""}`;
    })
    .join("");
}

/** A line of the last periods in a side's colour, on its own scale that is never finer than `least`. The figure beside it is for reading. */
export function Sparkline({
  values,
  color,
  least,
}: {
  values: readonly (number | null)[];
  color: "blue" | "green";
  least: number;
}) {
  const top = Math.max(least, ...values.map((value) => value ?? 0));
  return (
    <svg
      aria-hidden="true"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      height={HEIGHT}
      className="block w-full overflow-visible fill-none"
    >
      <path
        d={`M0 ${HEIGHT - 0.5}H${WIDTH}`}
        className="stroke-line"
        strokeWidth={1}
        vectorEffect="non-scaling-stroke"
      />
      <path
        d={sparkPath(values, top)}
        className={STROKES[color]}
        strokeWidth={1.5}
        strokeLinecap="round"
        strokeLinejoin="round"
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  );
}
