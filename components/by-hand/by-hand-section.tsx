"use client";
import { type Deployment, isAwaitingSwitch, isInFlight } from "@/lib/domain/deployment/deployment.ts";
import type { Verb } from "@/lib/domain/verb/verb.ts";
import { ByHand } from "./by-hand.tsx";

const TITLES: Readonly<Partial<Record<Verb, string>>> = {
  switch: "Switch with the AWS CLI",
  rollback: "Roll back with the AWS CLI",
  abort: "Abort with the AWS CLI",
  retire: "Retire the idle side with the AWS CLI",
};

/** What can be done about a deployment when Switchyard cannot do it; about any, when its record cannot be read (null). */
export function ByHandSection({ application, deployment }: { application: string; deployment: Deployment | null }) {
  return (
    <section className="card flex flex-col gap-2 p-4" aria-labelledby="by-hand-heading">
      <h3 id="by-hand-heading" className="font-semibold">
        By hand
      </h3>
      <p className="text-xs text-second">
        What the actions come to in AWS now, for when Switchyard or its database is down.
      </p>
      {actionsOf(deployment).map((action) => (
        <ByHand key={action} title={TITLES[action] ?? action} application={application} request={{ action }} />
      ))}
    </section>
  );
}

function actionsOf(deployment: Deployment | null): Verb[] {
  if (!deployment) return ["rollback", "switch"];
  if (!isInFlight(deployment)) return ["rollback", "retire"];
  return isAwaitingSwitch(deployment) ? ["switch", "abort"] : ["rollback", "abort"];
}
