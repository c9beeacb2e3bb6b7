import type { ReactNode } from "react";

/** What something is called, and what it is. */
export type Fact = readonly [name: string, value: ReactNode];

/** Facts one under another, names and values in two columns; a long value breaks rather than widen the list. */
export function FactList({ facts, className = "" }: { facts: readonly Fact[]; className?: string }) {
  return (
    <dl className={`grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 ${className}`}>
      {facts.map(([name, value], place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two facts may have one name, and a list keeps its order
        <div key={place} className="contents">
          <dt className="text-second">{name}</dt>
          <dd className="font-medium break-words">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
