import type { Application } from "../domain/application/application.ts";
import { CAPABILITIES, type Capabilities } from "../domain/application/capabilities.ts";
import type { Observation } from "../domain/observation/observation.ts";
import type { Revision } from "../domain/observation/slot.ts";
import { findDrivenMisfit, findGroupMisfit } from "../resolve/service-fit.ts";
import { type Facts, serviceKey } from "./facts.ts";
import { codeDeploymentsOf, groupOf, groupPauses, primarySide } from "./gather-code-deploy.ts";
import { awsDeploymentsOf } from "./native-sides.ts";
import { revisionOf } from "./revision-of.ts";

type DrivenPart = Pick<Observation, "awsDeployments" | "pauses" | "primary" | "misfit">;

/** What whoever moves the traffic says of its deployments; nothing where Switchyard does. */
export function drivenPartOf(application: Application, facts: Facts, now: number): DrivenPart {
  const service = facts.services.find(serviceKey(application.cluster, application.slots.blue.service ?? ""))?.value;
  const group = groupOf(application, facts);
  const misfit = (service && findDrivenMisfit(application, service)) ?? (group && findGroupMisfit(application, group));
  return {
    ...PARTS[CAPABILITIES[application.controller].moves](application, facts, now),
    ...(misfit ? { misfit } : {}),
  };
}

const PARTS: Readonly<
  Record<Capabilities["moves"], (application: Application, facts: Facts, now: number) => DrivenPart>
> = {
  Switchyard: () => ({}),
  ECS(application, facts) {
    const { cluster, slots } = application;
    const service = facts.services.find(serviceKey(cluster, slots.blue.service ?? ""))?.value;
    return {
      awsDeployments: awsDeploymentsOf(application, facts, revisionBy(application, facts)),
      ...(service ? { pauses: service.pauses } : {}),
    };
  },
  CodeDeploy(application, facts, now) {
    const pauses = groupPauses(application, facts);
    return {
      awsDeployments: codeDeploymentsOf(application, facts, revisionBy(application, facts), now),
      ...(pauses ? { pauses } : {}),
      primary: primarySide(application, facts),
    };
  },
};

function revisionBy(application: Application, facts: Facts): (arn: string) => Revision | null {
  return (arn) => {
    const definition = facts.definitions.find(arn)?.value;
    return definition ? revisionOf(definition, application.container) : null;
  };
}
