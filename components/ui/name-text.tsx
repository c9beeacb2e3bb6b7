"use client";
import { useEffect, useRef, useState } from "react";
import { useTranslations } from "#translations";
import { SHORT_NAME, splitName } from "./cut-middle.ts";

/** A name on one line, cut in the middle where room is short; for places that cannot take focus, such as inside a button. */
export function CutName({ text, beside }: { text: string; beside?: string }) {
  const { head, tail } = splitName(text, beside);
  return (
    <span className="flex min-w-0 max-w-full whitespace-pre">
      <span className={tail ? "min-w-[2.5ch] truncate" : "truncate"}>{head}</span>
      {tail ? <span className="shrink-0">{tail}</span> : null}
    </span>
  );
}

const GAP_PX = 4;
const EDGE_PX = 8;

/** A name cut in the middle that is shown whole on hover and focus, and copied when pressed; `label` says what it is the name of. */
export function LongName({ text, beside, label }: { text: string; beside?: string; label: string }) {
  if (text.length <= SHORT_NAME) return <CutName text={text} />;
  return <CopiedName text={text} beside={beside} label={label} />;
}

function CopiedName({ text, beside, label }: { text: string; beside?: string; label: string }) {
  const t = useTranslations("ui");
  const whole = useRef<HTMLSpanElement>(null);
  const host = useRef<HTMLButtonElement>(null);
  const [outcome, setOutcome] = useState("");
  useEffect(() => {
    if (!outcome) return;
    const timer = setTimeout(() => setOutcome(""), 2000);
    return () => clearTimeout(timer);
  }, [outcome]);
  const show = () => {
    const [tip, at] = [whole.current, host.current?.getBoundingClientRect()];
    if (!tip || !at) return;
    if (!tip.matches(":popover-open")) tip.showPopover();
    const room = document.documentElement.clientWidth - EDGE_PX - tip.offsetWidth;
    tip.style.left = `${Math.max(EDGE_PX, Math.min(at.left, room))}px`;
    const below = at.bottom + GAP_PX;
    const isRoom = below + tip.offsetHeight < window.innerHeight;
    tip.style.top = `${isRoom ? below : Math.max(EDGE_PX, at.top - GAP_PX - tip.offsetHeight)}px`;
  };
  const hide = () => whole.current?.matches(":popover-open") && whole.current.hidePopover();
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setOutcome(t("copied"));
    } catch {
      setOutcome(t("notCopied"));
    }
    show();
  };
  return (
    <span className="relative z-10 flex min-w-0 max-w-full" onPointerEnter={show} onPointerLeave={hide}>
      <button
        ref={host}
        type="button"
        aria-label={t("nameCopy", { text, label })}
        onFocus={show}
        onBlur={hide}
        onKeyDown={(event) => event.key === "Escape" && hide()}
        onClick={() => void copy()}
        className="flex min-w-0 max-w-full rounded-small text-left underline decoration-faint decoration-dotted underline-offset-4 max-md:min-h-11 max-md:items-center"
      >
        <CutName text={text} beside={beside} />
      </button>
      <span
        ref={whole}
        popover="manual"
        role="tooltip"
        className="fixed inset-auto m-0 w-max max-w-[min(560px,calc(100vw-16px))] rounded-control border border-ink bg-ink px-2.5 py-1.5 font-mono text-xs font-normal tracking-normal break-all whitespace-normal text-card"
      >
        {text}
        <span className="block font-sans opacity-80">{outcome || t("pressToCopy")}</span>
      </span>
      <span className="sr-only" aria-live="polite">
        {outcome}
      </span>
    </span>
  );
}
