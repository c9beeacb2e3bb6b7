import { type Deployment, isInFlight } from "../domain/deployment/deployment.ts";
import type { SlotColor } from "../domain/observation/slot.ts";
import type { Weights } from "../domain/observation/traffic.ts";
import type { Receipt } from "../domain/snapshot/receipt.ts";
import { abortDeployment } from "../operations/abort-deployment.ts";
import { switchTraffic } from "../operations/switch-traffic.ts";
import { getReceipt } from "../queries/get-receipt.ts";
import type { Operated } from "../request/operated.ts";
import { type TestWorld, until, untilDeployment } from "./test-world.ts";

/* What the stories told in a test world have in common; everything is of its one application, library. */

/** The receipt of a switch to this side, whatever is in the way of it. */
export async function receipt(world: TestWorld, to: SlotColor): Promise<Receipt> {
  const answer = await getReceipt(world.as("viewer"), "library", to);
  if (!answer.ok) throw new Error(answer.message);
  return answer.value;
}

/** The side that is not live, by a fresh look. */
export async function standby(world: TestWorld): Promise<SlotColor> {
  return (await world.runtime.observer.refreshNow("library")).traffic.live === "green" ? "blue" : "green";
}

/** What the listener holds, by a fresh look. */
export async function weights(world: TestWorld): Promise<Weights> {
  return (await world.runtime.observer.refreshNow("library")).traffic.weights;
}

/** The weights with this side live. */
export function allTo(to: SlotColor): Weights {
  return to === "blue" ? { blue: 100, green: 0 } : { blue: 0, green: 100 };
}

/** Changes the listener behind Switchyard's back. */
export function setWeights(world: TestWorld, { blue, green }: Weights, listener = "library-alb:80"): void {
  world.sandbox.elb.controls.setWeights(listener, { "library-blue-tg": blue, "library-green-tg": green });
}

/**
 * What came of asking, asked again while it is refused because the newest look is too old: the sandbox's time is many times
 * faster, so on a busy machine it outruns the looks.
 */
export function onFreshLook<Result extends Operated<unknown>>(ask: () => Promise<Result>): Promise<Result> {
  return until<Result | null>(async () => {
    const result = await ask();
    return !result.ok && result.code === "OBSERVATION_STALE" ? null : result;
  }, 60_000) as Promise<Result>;
}

/** An operator reads the receipt and switches by it, or is refused. */
export function press(world: TestWorld, to: SlotColor): ReturnType<typeof switchTraffic> {
  return onFreshLook(async () => {
    const { hash } = await receipt(world, to);
    return switchTraffic(world.as("operator"), { application: "library", to, receipt: hash });
  });
}

/** The same where a refusal is no part of the story; answers the deployment's id. */
export async function pressed(world: TestWorld, to: SlotColor): Promise<string> {
  return idOf(await press(world, to));
}

/** The deployment that an operation answered with; throws what it was refused with instead. */
export function idOf(result: Operated<unknown>): string {
  if (!result.ok) throw new Error(`${result.code}: ${result.message}`);
  return result.value.id;
}

/** Waits until the deployment is over. */
export function ended(world: TestWorld, id: string): Promise<Deployment> {
  return untilDeployment(world, id, (deployment) => !isInFlight(deployment), 60_000);
}

/** Aborts what is in flight, so that the next test begins at rest. */
export async function abortAll(world: TestWorld): Promise<void> {
  for (const { id } of await world.runtime.store.listDeploymentsInFlight()) {
    await abortDeployment(world.as("admin"), { deploymentId: id });
    await ended(world, id);
  }
}
