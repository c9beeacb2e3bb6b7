import { z } from "zod";
import { type Deployment, isInFlight } from "../domain/deployment/deployment.ts";
import { extendBake } from "../domain/deployment/deployment-transitions.ts";
import { extendKept } from "../domain/deployment/window.ts";
import { findExtendBlockers } from "../domain/rules/action-rules.ts";
import { say } from "../domain/sentence/sentence.ts";
import { fields, membersOnly } from "../request/input.ts";
import { onDeployment } from "../request/judge.ts";
import { defineOperation } from "../request/operate.ts";
import { withStore } from "../request/refusal.ts";
import { readApplicationRecord } from "../store/application-record.ts";
import { changeDeployment } from "./change-deployment.ts";

const DEFAULT_MINUTES = 10;
/** ECS ends a bake within a day as well. */
const MOST_MS = 24 * 60 * 60_000;

/** What the operation takes. */
export const extendInput = membersOnly({
  deploymentId: fields.deploymentId,
  minutes: z
    .int("give 1 to 1440 minutes")
    .min(1, "give 1 to 1440 minutes")
    .max(1440, "give 1 to 1440 minutes")
    .default(DEFAULT_MINUTES),
  comment: fields.comment,
});

/** Moves the end of the bake or, after it, of the window; each call adds its minutes, up to a day from now. */
export const extendWindow = defineOperation({
  verb: "extend",
  schema: extendInput,
  scope: onDeployment,
  async run(operating) {
    const { ctx: asked, input: given } = operating;
    const { store, now, observer } = asked.runtime;
    const found = await withStore(() => store.findDeployment(given.deploymentId));
    const known =
      found && !isInFlight(found)
        ? await withStore(() => readApplicationRecord(store, found.application, now()))
        : { deployment: null, history: [] };
    const observation = found ? observer.observation(found.application) : null;
    const application = found ? observer.findApplication(found.application) : null;
    const factsOf = (newest: Deployment) => ({
      deployment: isInFlight(newest) ? newest : known.deployment,
      history: known.history.map((one) => (one.id === newest.id ? newest : one)),
      now: now(),
      ...(observation ? { observation } : {}),
      ...(application ? { application } : {}),
    });
    const latest = now() + MOST_MS;
    return changeDeployment(operating, {
      step: "extend",
      words: say("step.windowExtended", {
        kind: known.history.length > 0 ? "window" : "bake",
        minutes: given.minutes,
        by: asked.identity.name,
      }),
      blockers: (newest) => findExtendBlockers(factsOf(newest), newest.id),
      change(newest) {
        if (!isInFlight(newest)) return extendKept(newest, given.minutes, latest);
        const extended = extendBake(newest, given.minutes);
        return { ...extended, bakeUntil: extended.bakeUntil === null ? null : Math.min(extended.bakeUntil, latest) };
      },
      isDone: () => false,
    });
  },
});
