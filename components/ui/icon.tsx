const PATHS = {
  freezes: "M12 3v18M4.2 7.5l15.6 9M19.8 7.5l-15.6 9M9.5 4.5 12 7l2.5-2.5M9.5 19.5 12 17l2.5 2.5",
  overview: "M4 4h7v7H4zM13 4h7v7h-7zM4 13h7v7H4zM13 13h7v7h-7z",
  board: "M4 5h6v14H4zM14 5h6v14h-6z",
  deploy: "M12 16V4m0 0L7 9m5-5 5 5M4 20h16",
  history: "M12 7v5l3 2M4.5 9A8 8 0 1 1 4 12M4 4v5h5",
  logs: "M4 6h10M4 10h16M4 14h7M4 18h13",
  approvals: "M4 13l5 5L20 6",
  audit: "M6 3h9l4 4v14H6zM9.5 12h6M9.5 16h6",
  readiness: "M4 6l2 2 3-4M12 6h8M4 13l2 2 3-4M12 13h8M4 20l2 2 3-4M12 20h8",
  access: "M12 3l7 3v5c0 4.5-3 8-7 10-4-2-7-5.5-7-10V6zM9 12l2 2 4-4",
  deliveries: "M4 6h16v12H4zM4 7l8 6 8-6",
  tokens: "M8 16a4 4 0 1 1 3.5-6H21v3h-3v3h-3v-3h-3.5A4 4 0 0 1 8 16zM8 12h.01",
  user: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM5 20c.8-3.6 3.6-5 7-5s6.2 1.4 7 5",
  menu: "M4 7h16M4 12h16M4 17h16",
  theme: "M12 4a8 8 0 1 0 0 16zM12 4a8 8 0 0 1 0 16",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  check: "M5 13l4 4L19 7",
  close: "M6 6l12 12M18 6L6 18",
  pause: "M9 6v12M15 6v12",
  follow: "M12 5v12m0 0-5-5m5 5 5-5M5 21h14",
  back: "M10 6l-6 6 6 6M4 12h16",
  next: "M9 6l6 6-6 6",
  external: "M9 5H5v14h14v-4M13 5h6v6M19 5l-9 9",
  undo: "M9 6L4 11l5 5M4 11h10a6 6 0 0 1 0 12",
} as const;

/** The few signs in use, drawn here so that no icon library is loaded. */
export type IconName = keyof typeof PATHS;

/** A sign in one line weight; always beside words or a label, so hidden from readers. */
export function Icon({ name, size = 18, className }: { name: IconName; size?: number; className?: string }) {
  return (
    <svg
      aria-hidden="true"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.8}
      strokeLinecap="round"
      strokeLinejoin="round"
      className={className}
    >
      <path d={PATHS[name]} />
    </svg>
  );
}

/** The product's mark: a line that leaves blue's circle and arrives at green's diamond. */
export function Mark({ size = 26 }: { size?: number }) {
  return (
    <svg aria-hidden="true" width={size} height={size} viewBox="0 0 32 32">
      <path d="M8 23c1-9 8-13 15-13" fill="none" stroke="currentColor" strokeWidth={3} strokeLinecap="round" />
      <circle cx={8} cy={23.5} r={5} className="fill-blue" />
      <rect x={18} y={4} width={11} height={11} rx={1.5} transform="rotate(45 23.5 9.5)" className="fill-green" />
    </svg>
  );
}
