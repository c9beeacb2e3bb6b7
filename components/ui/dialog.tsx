"use client";
import { type ReactNode, useEffect, useId, useLayoutEffect, useRef } from "react";
import { useTranslations } from "#translations";
import { Announcer } from "./announcer.tsx";
import { IconButton } from "./button.tsx";
import { Icon } from "./icon.tsx";
import { openPlace } from "./top-dialog.tsx";

/** A modal dialog: see DialogFrame. */
export function Dialog({
  isOpen,
  onClose,
  title,
  children,
  footer,
}: {
  isOpen: boolean;
  onClose: () => void;
  title: ReactNode;
  children: ReactNode;
  footer?: ReactNode;
}) {
  return (
    <DialogFrame isOpen={isOpen} onClose={onClose} title={title}>
      <DialogContent footer={footer}>{children}</DialogContent>
    </DialogFrame>
  );
}

/** What scrolls in a dialog, and under it what always stays in sight. */
export function DialogContent({ children, footer }: { children: ReactNode; footer?: ReactNode }) {
  return (
    <>
      <div className="min-h-0 flex-1 overflow-y-auto px-5 py-3 [@media(max-height:480px)]:overflow-visible">
        {children}
      </div>
      {footer ? (
        <footer className="flex flex-wrap items-center justify-end gap-2 border-t border-line px-5 py-3">
          {footer}
        </footer>
      ) : null}
    </>
  );
}

/**
 * A modal dialog around a DialogContent, on the browser's own element: Escape closes it and focus goes back to where it came from.
 * What the page has to say meanwhile is said in it, as the page behind is inert.
 */
export function DialogFrame({
  isOpen,
  onClose,
  title,
  children,
}: {
  isOpen: boolean;
  onClose: () => void;
  title: ReactNode;
  children: ReactNode;
}) {
  const t = useTranslations("ui");
  const ref = useRef<HTMLDialogElement>(null);
  const news = useRef<HTMLDivElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const titleId = useId();
  // Before the page is drawn: a dialog that closes is never seen without what it showed.
  useLayoutEffect(() => {
    const dialog = ref.current;
    if (!dialog) return;
    if (isOpen && !dialog.open) {
      dialog.showModal();
      // On the title, so that it is read out and that a second press of Enter confirms nothing.
      heading.current?.focus();
    }
    if (!isOpen && dialog.open) dialog.close();
  }, [isOpen]);
  useEffect(() => (isOpen && news.current ? openPlace(news.current) : undefined), [isOpen]);
  return (
    <dialog
      ref={ref}
      aria-labelledby={titleId}
      onClose={onClose}
      className="m-auto w-full max-w-[560px] overflow-y-auto rounded-card border border-line bg-card p-0 text-ink max-sm:mb-0 max-sm:max-w-none max-sm:rounded-b-none"
    >
      {isOpen ? (
        <div className="flex max-h-[85dvh] flex-col [@media(max-height:480px)]:max-h-none">
          <header className="flex items-start justify-between gap-4 px-5 pt-4">
            <h2 id={titleId} ref={heading} tabIndex={-1} className="text-lg font-semibold outline-none">
              {title}
            </h2>
            <IconButton label={t("close")} hasTip={false} onClick={() => ref.current?.close()}>
              <Icon name="close" />
            </IconButton>
          </header>
          <div ref={news} className="px-5 pt-2 empty:hidden" />
          <Announcer />
          {children}
        </div>
      ) : null}
    </dialog>
  );
}
