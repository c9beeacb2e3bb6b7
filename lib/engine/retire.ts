import { guardWrites } from "../aws/write-guard.ts";
import { trafficDriverOf } from "../controllers/controller.ts";
import type { Deployment } from "../domain/deployment/deployment.ts";
import type { SlotColor } from "../domain/observation/slot.ts";
import { findServedBlockers } from "../domain/rules/way-rules.ts";
import { say } from "../domain/sentence/sentence.ts";
import { lineMembers, type Told } from "../domain/sentence/told.ts";
import { toldOf } from "../domain/verb/blocker.ts";
import { RecordChanged, type Store } from "../store/store.ts";
import type { DeploymentRecord, JournalLine } from "./deployment-record.ts";
import { describeError } from "./describe-step.ts";
import type { EngineDeps } from "./engine-deps.ts";

/** How often the lease is kept while a side is stopped. */
const KEEP_MS = 1_000;

/** The application cannot be acted on here: another replica holds it, or it is not configured any more. */
export class NotHeld extends Error {
  override readonly name = "NotHeld";
}

/**
 * Journals the intent, then scales the side to zero unless a fresh read gives it weight or another way in. Answers the work
 * that is left to do once the intent is written. @throws NotHeld, RecordChanged when a deployment has begun, or one has ended
 * that is not among the `seen`
 */
export async function retire(
  tools: { deps: EngineDeps; record: DeploymentRecord },
  deployment: Deployment,
  slot: SlotColor,
  seen: readonly string[],
): Promise<() => Promise<void>> {
  const { deps, record } = tools;
  const application = deps.observer.findApplication(deployment.application);
  if (!application) throw new NotHeld(`${deployment.application} is not configured`);
  const controller = trafficDriverOf(deps.controllers, application);
  let under: number | undefined;
  const journal = (phase: JournalLine["phase"], told: Told, requestId?: string | null) =>
    record.update(
      deployment.id,
      application.name,
      (newest) => ({
        deployment: phase === "failed" ? newest : { ...newest, retired: { slot, at: deps.now() } },
        entries: [
          {
            at: deps.now(),
            step: "retire",
            phase,
            ...lineMembers(told),
            ...(requestId ? { awsRequestId: requestId } : {}),
          },
        ],
      }),
      under,
    );
  if (!(await isAsSeen(deps.store, application.name, seen))) throw new RecordChanged(application.name);
  if (!(await journal("intent", say("step.scaleToZero", { side: slot }))))
    throw new NotHeld(`Another replica acts on ${application.name}`);
  under = record.token(application.name);
  const guard = record.guard(application.name);
  const stop = async () => {
    try {
      // Whatever has begun in the meantime writes after this turn, by a look that it takes after it.
      if (!(await isAsSeen(deps.store, application.name, seen))) {
        await journal("failed", say("step.otherBegan"));
        return;
      }
      // The last word before tasks are stopped is the load balancer's own.
      const { weights, drift } = await controller.readWeights(application);
      if (drift !== null || weights[slot] !== 0) {
        await journal(
          "failed",
          drift
            ? say("step.stillWeightWhy", { side: slot, weight: weights[slot], why: drift })
            : say("step.stillWeight", { side: slot, weight: weights[slot] }),
        );
        return;
      }
      const served = findServedBlockers({ waysIn: await controller.readWaysIn(application) }, slot)[0];
      if (served) {
        await journal("failed", say("step.nothingStopped", { why: toldOf(served) }));
        return;
      }
      const written = await (controller.retireSide?.(application, slot) ?? controller.scaleSide(application, slot, 0));
      await journal("done", say("step.askedToRunNone", { side: slot }), written.requestId);
    } catch (error) {
      await journal("failed", describeError(error));
    }
  };
  return async () => {
    const keeping = setInterval(() => record.hold(application.name).catch(() => null), deps.tickMs ?? KEEP_MS);
    try {
      await guardWrites(guard, stop);
    } finally {
      clearInterval(keeping);
    }
  };
}

/** Whether nothing is in flight and nothing has ended but what was known. */
async function isAsSeen(
  store: Pick<Store, "findDeploymentInFlight" | "findLastFinished">,
  application: string,
  seen: readonly string[],
): Promise<boolean> {
  if (await store.findDeploymentInFlight(application)) return false;
  const last = await store.findLastFinished(application);
  return last === null || seen.includes(last.id);
}
