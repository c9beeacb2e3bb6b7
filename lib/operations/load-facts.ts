import type { Application } from "../domain/application.ts";
import { ruleFacts } from "../domain/compose-snapshot.ts";
import type { Observation } from "../domain/observation.ts";
import type { RuleFacts } from "../domain/switch-rules.ts";
import { type ApplicationRecord, readApplicationRecord } from "../live/application-record.ts";
import type { OperationRuntime } from "./context.ts";
import { type Refusal, refuse, withStore } from "./refusal.ts";

/** An application with a look at AWS of now and its record. */
export interface Loaded {
  ok: true;
  application: Application;
  observation: Observation;
  record: ApplicationRecord;
  facts: RuleFacts;
}

/** A look no older than this counts as of now; the write itself compares again. */
const FRESH_MS = 400;

/** The configured application; a refusal when it is unknown or its names were not found in AWS. */
export function findApplication(
  runtime: Pick<OperationRuntime, "observer">,
  name: string,
): { ok: true; application: Application } | Refusal<never> {
  const application = runtime.observer.findApplication(name);
  if (application) return { ok: true, application };
  const problem = runtime.observer.unresolved().find((entry) => entry.name === name);
  if (problem)
    return refuse("AWS_ERROR", `${name} could not be found in AWS: ${problem.message}`, "Correct switchyard.yaml");
  return refuse("NOT_FOUND", `There is no application ${name}`, "Choose one of switchyard.yaml");
}

/** Everything rules look at, fresh. Rejects with AWS's failure or the store's. */
export async function loadFacts(runtime: OperationRuntime, name: string): Promise<Loaded | Refusal<never>> {
  const found = findApplication(runtime, name);
  if (!found.ok) return found;
  const { application } = found;
  const [observation, record] = await Promise.all([
    lookNow(runtime, name),
    withStore(() => readApplicationRecord(runtime.store, name)),
  ]);
  return {
    ok: true,
    application,
    observation,
    record,
    facts: ruleFacts(application, observation, record, runtime.now()),
  };
}

async function lookNow(runtime: OperationRuntime, name: string): Promise<Observation> {
  const known = runtime.observer.observation(name);
  if (known && runtime.now() - known.observedAt <= FRESH_MS) return known;
  return runtime.observer.refreshNow(name);
}
