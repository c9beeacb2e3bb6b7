import type { ReactNode } from "react";

/** A card with a heading. */
export function IncidentCard({ title, children }: { title: ReactNode; children: ReactNode }) {
  return (
    <section className="card min-w-0 p-4">
      <h3 className="mb-2 flex items-center gap-2 font-semibold">{title}</h3>
      {children}
    </section>
  );
}
