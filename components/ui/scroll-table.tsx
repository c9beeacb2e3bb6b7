import type { ReactNode } from "react";
import { useTranslations } from "#translations";

/** One heading of a table; `className` also hides its cells' column on narrow screens where they carry the same. */
export interface Column {
  name: string;
  className?: string;
  /** For readers only: the cells speak for themselves. */
  isQuiet?: boolean;
}

/** Padding of a row's cells, the outer ones to the card's edge. */
export const ROW_CELLS = "[&>*]:px-2 [&>*:first-child]:pl-3.5 [&>*:last-child]:pr-3.5";

/** A table that scrolls sideways in its card rather than the page, with the keyboard as well. */
export function ScrollTable({
  label,
  order,
  columns,
  isSmall = false,
  children,
}: {
  /** "Tokens". */
  label: string;
  /** "newest first". */
  order: string;
  columns: readonly Column[];
  isSmall?: boolean;
  children: ReactNode;
}) {
  const t = useTranslations("ui");
  return (
    <section
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
      tabIndex={0}
      aria-label={t("scrollable", { label })}
      className="overflow-x-auto -outline-offset-2"
    >
      <table className={`w-full ${isSmall ? "text-xs" : ""}`}>
        <caption className="sr-only">
          {label}, {order}
        </caption>
        <thead className="text-xs text-second">
          <tr className={`h-8 border-b border-line ${ROW_CELLS}`}>
            {columns.map(({ name, className, isQuiet }) => (
              <th key={name} scope="col" className={className}>
                {isQuiet ? <span className="sr-only">{name}</span> : name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </section>
  );
}
