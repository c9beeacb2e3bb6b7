/** A colour's shape and letter: blue is a circle with B, green a diamond with G; drawn in outline when `dimmed`. Its word stands beside it or in `label`. */
export function SlotMark({
  color,
  size = 20,
  label,
  dimmed = false,
}: {
  color: "blue" | "green";
  size?: number;
  label?: string;
  dimmed?: boolean;
}) {
  return (
    <>
      {label ? <span className="sr-only">{label}</span> : null}
      <svg aria-hidden="true" width={size} height={size} viewBox="0 0 20 20" className="shrink-0">
        {color === "blue" ? (
          <circle
            cx={10}
            cy={10}
            r={8.5}
            strokeWidth={1.5}
            className={`stroke-blue ${dimmed ? "fill-card" : "fill-blue"}`}
          />
        ) : (
          <rect
            x={3.2}
            y={3.2}
            width={13.6}
            height={13.6}
            rx={1.5}
            transform="rotate(45 10 10)"
            strokeWidth={1.5}
            className={`stroke-green ${dimmed ? "fill-card" : "fill-green"}`}
          />
        )}
        <text
          x={10}
          y={13.6}
          textAnchor="middle"
          fontSize={10}
          fontWeight={700}
          className={dimmed ? (color === "blue" ? "fill-blue" : "fill-green") : "fill-on-slot"}
        >
          {color === "blue" ? "B" : "G"}
        </text>
      </svg>
    </>
  );
}

/** The pattern that green's bars are filled with; once a page. */
export function HatchDefinition() {
  return (
    <svg aria-hidden="true" width={0} height={0} className="absolute">
      <defs>
        <pattern id="hatch-green" width={6} height={6} patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect width={6} height={6} className="fill-green" />
          <rect width={2} height={6} className="fill-card" fillOpacity={0.55} />
        </pattern>
      </defs>
    </svg>
  );
}

/** How traffic is split: blue from the left, green hatched from the right. The words beside it carry the numbers. */
export function SplitBar({ blue, green, height = 8 }: { blue: number; green: number; height?: number }) {
  const sum = blue + green;
  const bluePercent = sum === 0 ? 0 : (blue / sum) * 100;
  const greenPercent = sum === 0 ? 0 : 100 - bluePercent;
  return (
    <svg aria-hidden="true" width="100%" height={height} className="split-bar block">
      <rect width="100%" height={height} className="fill-soft" />
      <rect width={`${bluePercent}%`} height={height} className="fill-blue" />
      <rect x={`${100 - greenPercent}%`} width={`${greenPercent}%`} height={height} fill="url(#hatch-green)" />
    </svg>
  );
}
