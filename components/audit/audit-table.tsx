import { StateIcon } from "@/components/ui/state-icon.tsx";
import { ClockTime } from "@/components/ui/time.tsx";
import type { AuditRow } from "@/lib/domain/audit.ts";

const SHAPES = { done: "done", refused: "warning", failed: "fault" } as const;

/** Who asked for what, newest first; what was refused stands beside what was done. */
export function AuditTable({ entries }: { entries: readonly AuditRow[] }) {
  return (
    <section
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
      tabIndex={0}
      aria-label="Audit, scrollable"
      className="overflow-x-auto -outline-offset-2"
    >
      <table className="w-full text-xs">
        <caption className="sr-only">Audit, newest first</caption>
        <thead className="text-second">
          <tr className="h-8 border-b border-line [&>th]:px-2 [&>th:first-child]:pl-3.5 [&>th:last-child]:pr-3.5">
            <th scope="col">When</th>
            <th scope="col">Who</th>
            <th scope="col">Action</th>
            <th scope="col">Application</th>
            <th scope="col">Outcome</th>
            <th scope="col" className="max-md:hidden">
              What was said
            </th>
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => (
            <tr
              key={entry.id}
              className="border-b border-line align-top last:border-b-0 [&>td]:px-2 [&>td]:py-2 [&>td:first-child]:pl-3.5 [&>td:last-child]:pr-3.5"
            >
              <td className="whitespace-nowrap text-second">
                <ClockTime at={entry.at} precision="day" />
              </td>
              <td title={`${entry.actorId}, by ${entry.via}${entry.address ? ` from ${entry.address}` : ""}`}>
                {entry.actorName}
                <span className="block text-second">{entry.role}</span>
              </td>
              <td className="font-mono">{entry.action}</td>
              <td>
                {entry.application && entry.deploymentId ? (
                  <a
                    href={`/${encodeURIComponent(entry.application)}/deployments/${entry.deploymentId}`}
                    className="underline underline-offset-2"
                  >
                    {entry.application}
                  </a>
                ) : (
                  entry.application
                )}
              </td>
              <td>
                <span className="flex items-center gap-1.5">
                  <StateIcon shape={SHAPES[entry.outcome]} size={13} />
                  {entry.outcome}
                </span>
                {entry.code ? <span className="block font-mono text-2xs text-second">{entry.code}</span> : null}
              </td>
              <td className="max-w-[480px] break-words max-md:hidden">
                {entry.message}
                {entry.reason ? <span className="block text-second">Reason: {entry.reason}</span> : null}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
