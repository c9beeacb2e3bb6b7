import type { ReactNode } from "react";
import { StateIcon } from "./state-icon.tsx";

const TONES = {
  fault: { frame: "border-fault", shape: "fault" },
  warning: { frame: "border-warning", shape: "warning" },
  plain: { frame: "border-line", shape: "unknown" },
} as const;

/** A framed message: what is the matter, and under it what can be done. */
export function Notice({
  tone,
  title,
  children,
  compact = false,
}: {
  tone: keyof typeof TONES;
  title: ReactNode;
  children?: ReactNode;
  compact?: boolean;
}) {
  const { frame, shape } = TONES[tone];
  return (
    <div className={`rounded-card border bg-card ${frame} ${compact ? "px-3 py-2" : "px-4 py-3"}`}>
      <p className="flex items-start gap-2 font-semibold">
        <span className="mt-[3px]">
          <StateIcon shape={shape} />
        </span>
        <span className="min-w-0 break-words">{title}</span>
      </p>
      {children ? <div className="mt-1 pl-[22px] break-words text-second">{children}</div> : null}
    </div>
  );
}

/** What a view says before there is anything to show: what it is for and what to do next. */
export function EmptyState({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="mx-auto flex max-w-[520px] flex-col items-center gap-2 px-6 py-16 text-center">
      <h2 className="text-lg font-semibold">{title}</h2>
      <div className="text-second">{children}</div>
    </div>
  );
}

/** A grey block of a fixed size in the place of something still loading. */
export function Skeleton({ className }: { className: string }) {
  return <div aria-hidden="true" className={`skeleton ${className}`} />;
}
