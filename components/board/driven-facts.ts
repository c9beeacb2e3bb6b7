import { isDrivenByAws } from "@/lib/domain/application/capabilities.ts";
import type { ControllerName } from "@/lib/domain/application/controller-name.ts";
import { outsiderOf } from "@/lib/domain/deployment/actor-said.ts";
import type { Deployment } from "@/lib/domain/deployment/deployment.ts";
import { continueSaid, driverName } from "@/lib/domain/deployment/gate-words.ts";
import { isAwsDeploymentOver } from "@/lib/domain/observation/aws-deployment.ts";
import type { SlotColor } from "@/lib/domain/observation/slot.ts";
import type { Weights } from "@/lib/domain/observation/traffic.ts";
import { share } from "@/lib/domain/observation/traffic.ts";
import { type Sentence, say } from "@/lib/domain/sentence/sentence.ts";
import type { ApplicationSnapshot } from "@/lib/domain/snapshot/snapshot.ts";
import type { Verb } from "@/lib/domain/verb/verb.ts";

/** ECS's weights are snapshots that lag behind the rule, and requests behind both: for so long that is normal. */
export const LAG_MS = 15_000;

/** Whether AWS moves the application's traffic. */
export function isDriven(snapshot: { controller: ControllerName }): boolean {
  return isDrivenByAws(snapshot.controller);
}

/** Whether this way of deploying knows the verb at all. */
export function isOffered(snapshot: Pick<ApplicationSnapshot, "actions">, verb: Verb): boolean {
  return snapshot.actions[verb].offered !== false;
}

/** What the button that moves traffic on does, in words. */
export function switchSaid(snapshot: Pick<ApplicationSnapshot, "controller" | "deployment">, to: SlotColor): Sentence {
  const { controller, deployment } = snapshot;
  if (!isDrivenByAws(controller)) return say("live.switchTo", { to });
  const gate = deployment?.aws?.gate ?? { stage: "PRE_PRODUCTION_TRAFFIC_SHIFT" as const };
  return continueSaid(gate, deployment ?? { to }, driverName(controller));
}

/** The weights that AWS says it asked for, and what it says of its deployment; null where it tells neither. */
export function awsWeights({
  awsDeployment,
}: Pick<ApplicationSnapshot, "awsDeployment">): { weights: Weights; words: string } | null {
  if (!awsDeployment) return null;
  const { to, requested, stage, status } = awsDeployment;
  if (to === null || requested.production === null) return null;
  const percent = requested.production;
  const rest = Math.round((100 - percent) * 10) / 10;
  const weights = to === "blue" ? { blue: percent, green: rest } : { blue: rest, green: percent };
  const isOver = isAwsDeploymentOver(awsDeployment);
  return { weights, words: isOver || stage === null ? status : stage };
}

/** Whether what AWS says it asked for is another share than the rule holds. */
export function isApart(snapshot: Pick<ApplicationSnapshot, "awsDeployment" | "traffic">): boolean {
  const says = awsWeights(snapshot);
  if (!says) return false;
  return Math.abs(share(says.weights, "green") - share(snapshot.traffic.weights, "green")) >= 0.05;
}

/** "started 03:10 by …" of what nobody here started: who did it where AWS says so. */
export function startedOutside({
  aws,
  actor,
}: Pick<Deployment, "actor"> & { aws?: { isForeign?: true } }): Sentence | null {
  if (!aws?.isForeign) return null;
  const who = outsiderOf(actor);
  return who ? say("board.startedOutsideBy", { who }) : say("board.startedOutside");
}

/** What is kept while the window is open, and what ends it. */
export function heldOpenSaid({ from, to }: Pick<Deployment, "from" | "to">, driver: string): Sentence {
  return say("board.heldOpen", { to, driver, from });
}
