/** Shapes of state, in ink; red only where something is wrong. */
export type StateShape =
  | "done"
  | "starting"
  | "draining"
  | "fault"
  | "warning"
  | "off"
  | "unknown"
  | "waiting"
  | "busy";

/** A state's sign. The word always stands beside it, so it is hidden from readers. */
export function StateIcon({ shape, size = 14 }: { shape: StateShape; size?: number }) {
  const tone = shape === "fault" ? "text-fault" : shape === "warning" ? "text-warning" : "text-ink";
  return (
    <svg aria-hidden="true" width={size} height={size} viewBox="0 0 16 16" className={`shrink-0 ${tone}`}>
      <Shape shape={shape} />
    </svg>
  );
}

function Shape({ shape }: { shape: StateShape }) {
  const line = { fill: "none", stroke: "currentColor", strokeWidth: 1.6 } as const;
  switch (shape) {
    case "done":
      return (
        <>
          <circle cx={8} cy={8} r={7} fill="currentColor" />
          <path
            d="M4.8 8.3l2.2 2.2 4.3-4.6"
            {...line}
            className="stroke-card"
            strokeWidth={1.8}
            strokeLinecap="round"
          />
        </>
      );
    case "starting":
      return <circle cx={8} cy={8} r={6} {...line} strokeDasharray="2.6 2.1" />;
    case "draining":
      return (
        <>
          <circle cx={8} cy={8} r={6} {...line} />
          <path d="M8 2a6 6 0 0 0 0 12z" fill="currentColor" />
        </>
      );
    case "fault":
      return (
        <>
          <rect x={1} y={1} width={14} height={14} rx={3} fill="currentColor" />
          <path d="M5 5l6 6M11 5l-6 6" {...line} className="stroke-card" strokeWidth={1.9} strokeLinecap="round" />
        </>
      );
    case "warning":
      return (
        <>
          <path d="M8 1.5l7 13H1z" fill="currentColor" strokeLinejoin="round" />
          <path d="M8 6v4M8 12v.4" {...line} className="stroke-card" strokeLinecap="round" />
        </>
      );
    case "waiting":
      return (
        <>
          <circle cx={8} cy={8} r={6.2} {...line} strokeWidth={2} />
          <circle cx={8} cy={8} r={2.2} fill="currentColor" />
        </>
      );
    case "busy":
      return (
        <>
          <circle cx={8} cy={8} r={6} {...line} className="stroke-faint" />
          <path d="M8 2a6 6 0 0 1 6 6" {...line} strokeWidth={2} strokeLinecap="round" />
        </>
      );
    case "unknown":
      return (
        <>
          <circle cx={8} cy={8} r={6} {...line} />
          <path
            d="M6.4 6.6a1.7 1.7 0 1 1 2.2 1.7c-.5.2-.6.5-.6 1M8 11.3v.2"
            {...line}
            strokeWidth={1.3}
            strokeLinecap="round"
          />
        </>
      );
    case "off":
      return <circle cx={8} cy={8} r={6} {...line} strokeWidth={1.2} />;
  }
}
