"use client";
import { type ComponentProps, type ReactNode, useId } from "react";
import { type ButtonLook, type ButtonSize, buttonLook } from "./button-look.ts";

/**
 * A button that stays focusable when it may not be used: `blocked` says why, to eyes as a tip and to readers as the
 * description. `reasonId` names an element already on the page that carries the reason; then no tip is drawn.
 */
export function Button({
  look = "outline",
  size = "medium",
  blocked = null,
  reasonId,
  busy = false,
  wide = false,
  onClick,
  children,
  ...rest
}: Omit<ComponentProps<"button">, "className" | "disabled"> & {
  look?: ButtonLook;
  size?: ButtonSize;
  blocked?: string | null;
  reasonId?: string;
  busy?: boolean;
  wide?: boolean;
  children: ReactNode;
}) {
  const tipId = useId();
  const inert = blocked !== null;
  const isTip = inert && !reasonId && blocked !== "";
  return (
    <span className={`tip-host relative ${wide ? "flex" : "inline-flex"}`}>
      <button
        type="button"
        {...rest}
        aria-disabled={inert || busy || undefined}
        aria-busy={busy || undefined}
        aria-describedby={reasonId ?? (isTip ? tipId : undefined)}
        onClick={(event) => {
          if (inert || busy) return event.preventDefault();
          onClick?.(event);
        }}
        className={`${buttonLook(look, size, inert || (busy && look !== "primary"))} ${wide ? "w-full" : ""}`}
      >
        {busy ? <BusySign /> : null}
        {children}
      </button>
      {isTip ? (
        <span id={tipId} role="tooltip" className="tip">
          {blocked}
        </span>
      ) : null}
    </span>
  );
}

/** A quarter of a circle that goes round where motion is wanted; the button's words say what it is busy with. */
function BusySign() {
  return (
    <svg aria-hidden="true" width={14} height={14} viewBox="0 0 16 16" className="turning shrink-0">
      <path d="M8 2a6 6 0 1 1-6 6" fill="none" stroke="currentColor" strokeWidth={2} strokeLinecap="round" />
    </svg>
  );
}

/** A square button with a sign; `label` is its name and its tip. */
export function IconButton({
  label,
  hasTip = true,
  isSmall = false,
  children,
  ...rest
}: Omit<ComponentProps<"button">, "className" | "aria-label"> & {
  label: string;
  hasTip?: boolean;
  isSmall?: boolean;
  children: ReactNode;
}) {
  return (
    <span className="tip-host relative inline-flex">
      <button
        type="button"
        aria-label={label}
        {...rest}
        className={`inline-flex items-center justify-center rounded-control text-second hover:bg-soft hover:text-ink ${isSmall ? "size-6" : "size-8"}`}
      >
        {children}
      </button>
      {hasTip ? (
        <span aria-hidden="true" className="tip">
          {label}
        </span>
      ) : null}
    </span>
  );
}
