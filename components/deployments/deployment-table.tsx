import Link from "next/link";
import { proofTitle } from "@/components/board/proof-lines.tsx";
import { deploymentTitle, endShape, statusWords, versionOf } from "@/components/live/stage-words.ts";
import { SlotMark } from "@/components/ui/slot-mark.tsx";
import { StateIcon } from "@/components/ui/state-icon.tsx";
import { ClockTime, Elapsed } from "@/components/ui/time.tsx";
import { type Deployment, isInFlight } from "@/lib/domain/deployment.ts";

/** Deployments, newest first: what, who, why, how it ended, how long it took. */
export function DeploymentTable({ deployments }: { deployments: readonly Deployment[] }) {
  return (
    <section
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
      tabIndex={0}
      aria-label="Deployments, scrollable"
      className="overflow-x-auto -outline-offset-2"
    >
      <table className="w-full">
        <caption className="sr-only">Deployments, newest first</caption>
        <thead className="text-xs text-second">
          <tr className="h-8 border-b border-line [&>th]:px-2 [&>th:first-child]:pl-3.5 [&>th:last-child]:pr-3.5">
            <th scope="col">Deployment</th>
            <th scope="col">Outcome</th>
            <th scope="col" className="max-md:hidden">
              From, to
            </th>
            <th scope="col" className="max-sm:hidden">
              By
            </th>
            <th scope="col" className="max-lg:hidden">
              Reason
            </th>
            <th scope="col" className="text-right max-sm:hidden">
              Took
            </th>
            <th scope="col" className="text-right">
              Started
            </th>
          </tr>
        </thead>
        <tbody>
          {deployments.map((deployment) => (
            <Row key={deployment.id} deployment={deployment} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Row({ deployment }: { deployment: Deployment }) {
  const { from, to, fromRevision, revision, proof } = deployment;
  return (
    <tr className="relative border-b border-line last:border-b-0 hover:bg-soft [&>*]:px-2 [&>*]:py-2.5 [&>*:first-child]:pl-3.5 [&>*:last-child]:pr-3.5">
      <th scope="row">
        <Link
          href={`/${encodeURIComponent(deployment.application)}/deployments/${deployment.id}`}
          prefetch={false}
          className="flex items-center gap-2 font-semibold after:absolute after:inset-0"
        >
          <SlotMark color={to} size={18} />
          {deploymentTitle(deployment)}
        </Link>
      </th>
      <td>
        <span className="flex items-center gap-2">
          <StateIcon shape={isInFlight(deployment) ? "busy" : endShape(deployment)} />
          <span>
            {statusWords(deployment)}
            {proof?.proven ? <span className="text-second">, {proofTitle(proof).toLowerCase()}</span> : null}
          </span>
        </span>
      </td>
      <td className="text-xs text-second max-md:hidden">
        {from} {fromRevision ? versionOf(fromRevision) : "nothing"} to {to} {revision ? versionOf(revision) : "nothing"}
      </td>
      <td className="text-xs max-sm:hidden">{deployment.actor.name}</td>
      <td className="max-w-[260px] truncate text-xs text-second max-lg:hidden" title={deployment.reason ?? undefined}>
        {deployment.reason}
      </td>
      <td className="text-right text-xs max-sm:hidden">
        <Elapsed from={deployment.startedAt} to={deployment.finishedAt} />
      </td>
      <td className="text-right text-xs whitespace-nowrap text-second">
        <ClockTime at={deployment.startedAt} precision="day" />
      </td>
    </tr>
  );
}
