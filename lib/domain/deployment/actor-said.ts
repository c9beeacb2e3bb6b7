import { nameSaid } from "../access/person-name.ts";
import { say } from "../sentence/sentence.ts";
import type { Told } from "../sentence/told.ts";
import type { Deployment } from "./deployment.ts";

/** Who asked for a deployment; where nobody did so here, that it was outside, and by whom where AWS says so. */
export function actorSaid({
  actor,
  aws,
}: Pick<Deployment, "actor"> & { aws?: { isForeign?: true } | undefined }): Told {
  if (!aws?.isForeign) return nameSaid(actor.name, actor.via);
  const who = outsiderOf(actor);
  return who ? say("told.outsideBy", { who }) : say("told.outside");
}

/** Who AWS says it was; null where it does not. */
export function outsiderOf({ name }: Pick<Deployment["actor"], "name">): string | null {
  // What CodeDeploy's description says may have a colon of its own.
  return /^[^:]*: (.+)$/s.exec(name)?.[1] ?? null;
}
