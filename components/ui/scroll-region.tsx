import type { ReactNode } from "react";

/** Text that scrolls in its own place, by keyboard as well: without a stop of its own no key reaches it. `className` bounds its height. */
export function ScrollRegion({
  label,
  className,
  children,
}: {
  label: string;
  className: string;
  children: ReactNode;
}) {
  return (
    <section
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
      tabIndex={0}
      aria-label={label}
      className={`overflow-auto -outline-offset-2 ${className}`}
    >
      {children}
    </section>
  );
}
