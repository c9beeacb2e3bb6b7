import type { ReactNode } from "react";

const TONES = {
  plain: "border-line bg-card text-second",
  blue: "border-blue bg-blue text-on-slot",
  green: "border-green bg-green text-on-slot",
  fault: "border-fault bg-fault-ground text-fault",
  warning: "border-warning bg-warning-ground text-warning",
} as const;

/** How a pill looks; blue and green belong to the sides. */
export type PillTone = keyof typeof TONES;

/** A short fact in a rounded frame. */
export function Pill({
  tone = "plain",
  square = false,
  mono = false,
  children,
}: {
  tone?: PillTone;
  square?: boolean;
  mono?: boolean;
  children: ReactNode;
}) {
  return (
    <span
      className={`inline-flex h-6 max-w-full shrink-0 items-center gap-1.5 overflow-hidden border px-2.5 text-xs whitespace-nowrap ${
        square ? "rounded-small font-medium" : "rounded-full"
      } ${mono ? "font-mono" : ""} ${TONES[tone]}`}
    >
      {children}
    </span>
  );
}
