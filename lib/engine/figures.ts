import type { Observation } from "../domain/observation/observation.ts";

/** What a deployment is rolled back by or waits for: metrics, alarms and AWS's own deployment. */
export interface Figures {
  /** Whether any of them is other than at the last look at this application. */
  areNew(look: Pick<Observation, "application" | "slots" | "watchedAlarms" | "awsDeployments">): boolean;
}

/** Nothing has been looked at yet. */
export function createFigures(): Figures {
  const last = new Map<string, string>();
  return {
    areNew({ application, slots, watchedAlarms, awsDeployments }) {
      const [newest] = awsDeployments ?? [];
      const gates = newest?.gates.map(({ id, state }) => [id, state]);
      const driven = newest && [newest.id, newest.status, newest.stage, gates];
      const sides = [slots.blue, slots.green].map(({ metrics }) => [
        metrics?.at,
        metrics?.samples,
        metrics?.http5xxShare,
      ]);
      const key = JSON.stringify([sides, driven, watchedAlarms?.map(({ name, state }) => [name, state])]);
      if (last.get(application) === key) return false;
      last.set(application, key);
      return true;
    },
  };
}
