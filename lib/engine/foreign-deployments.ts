import { createHash } from "node:crypto";
import type { Application } from "../domain/application/application.ts";
import { isDrivenByAws } from "../domain/application/capabilities.ts";
import { type Deployment, isInFlight } from "../domain/deployment/deployment.ts";
import { newDeployment } from "../domain/deployment/new-deployment.ts";
import { type AwsDeployment, isAwsDeploymentOver } from "../domain/observation/aws-deployment.ts";
import type { Observation } from "../domain/observation/observation.ts";
import type { Store } from "../store/store.ts";

/** Takes up deployments that somebody else started in AWS: a pipeline, the console, Terraform. */
export interface ForeignDeployments {
  /** A new look at AWS. Returns at once and never throws. */
  observed(look: Observation): void;
  /** Resolves once everything told so far is done. */
  settled(): Promise<void>;
}

interface ForeignDeps {
  store: Pick<Store, "findDeployment" | "findDeploymentInFlight" | "listDeployments" | "insertDeployment">;
  findApplication(name: string): Application | null;
  /** Told of the newest records of an application, when they are read. */
  recordSeen?(deployment: Deployment): void;
  /** Hands a new record to the engine. */
  submit(deployment: Deployment): void;
  onError(error: unknown): void;
}

const WHO = { id: "aws", name: "Outside Switchyard", via: "engine" } as const;
const RECENT = 10;

/**
 * One a process. A deployment that no record follows is recorded under an id that follows from AWS's, so that replicas record it
 * once; one that superseded ours is taken up as soon as ours has ended.
 */
export function createForeignDeployments(deps: ForeignDeps): ForeignDeployments {
  const { store } = deps;
  const known = new Set<string>();
  const work = new Map<string, Promise<void>>();

  async function take(application: Application, look: Observation, found: AwsDeployment): Promise<void> {
    const [inFlight, { items: finished }] = await Promise.all([
      store.findDeploymentInFlight(application.name),
      store.listDeployments(application.name, { limit: RECENT }),
    ]);
    const records = [...(inFlight ? [inFlight] : []), ...finished];
    for (const record of records) deps.recordSeen?.(record);
    if (records.some(({ aws }) => aws?.id === found.id)) {
      known.add(found.id);
      return;
    }
    // Ours was started a moment ago, and AWS's answer is still awaited or was lost: it may be this very one.
    if (inFlight) return;
    const newest = finished[0];
    if (isAwsDeploymentOver(found) && (!newest || found.createdAt <= newest.startedAt)) return;
    const deployment = recordOf(application, look, found);
    if (!(await store.findDeployment(deployment.id))) await store.insertDeployment(deployment);
    known.add(found.id);
    if (isInFlight(deployment)) deps.submit(deployment);
  }

  return {
    observed(look) {
      const application = deps.findApplication(look.application);
      const [found] = look.awsDeployments ?? [];
      if (!application || !isDrivenByAws(application.controller) || !found || known.has(found.id)) return;
      if (work.has(look.application)) return;
      const done = take(application, look, found)
        .catch((error: unknown) => {
          if (!(error instanceof Error && error.name === "DeploymentInFlight")) deps.onError(error);
        })
        .finally(() => work.delete(look.application));
      work.set(look.application, done);
    },
    async settled() {
      await Promise.all(work.values());
    },
  };
}

/** The record of a deployment that AWS makes for somebody else, at its start: following it does the rest. */
function recordOf(application: Application, observation: Observation, found: AwsDeployment): Deployment {
  const to = found.to ?? (observation.traffic.live === "green" ? "blue" : "green");
  const deployment = newDeployment({
    id: `d-${createHash("sha256").update(found.id).digest("hex").slice(0, 20)}`,
    application: application.name,
    kind: "RELEASE",
    to,
    observation,
    requested: found.revision ? { taskDefinition: found.revision.taskDefinition } : null,
    revision: found.revision,
    actor: found.startedBy ? { ...WHO, name: `${WHO.name}: ${found.startedBy}` } : WHO,
    reason: null,
    bakeMinutes: application.bakeMinutes,
    approval: application.approvals?.release ?? null,
    isDriven: true,
    now: found.createdAt,
  });
  return {
    ...deployment,
    aws: { id: found.id, sentAt: found.createdAt, gate: null, answer: null, answered: [], isForeign: true },
  };
}
