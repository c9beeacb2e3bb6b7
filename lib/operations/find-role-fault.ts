import { inTime } from "../async/within.ts";
import type { Application } from "../domain/application/application.ts";
import { checkInfrastructure } from "../domain/readiness/check-infrastructure.ts";
import { type Sentence, say } from "../domain/sentence/sentence.ts";
import type { Blocker } from "../domain/verb/blocker.ts";
import { blocker } from "../domain/verb/say-blocker.ts";
import { lookAtInfrastructure } from "../gather/infrastructure-role.ts";
import { lookAt } from "../gather/look-at.ts";
import type { AsksAws } from "../request/context.ts";

/** What stands against a deployment of ECS's own, and what nobody could look at, which holds nothing up. */
export interface RoleFault {
  blocker: Blocker | null;
  notices: readonly Sentence[];
}

/** From many a private network there is no way to IAM: whoever waits for that may not be kept from deploying. */
const LOOK_MS = 3_000;
const LATE = { state: "not seen", why: say("refusal.notInTime", { seconds: LOOK_MS / 1000 }) } as const;

/**
 * Whether ECS could move the service's traffic: its infrastructure role is there, can be assumed and is allowed what ECS does with
 * it. Without that ECS starts tasks first and rolls back then. What may not be looked at is said, and never a refusal.
 */
export async function findRoleFault(
  { aws }: AsksAws,
  { controller, cluster, slots, accountId }: Application,
): Promise<RoleFault> {
  const service = slots.blue.service;
  if (controller !== "ecs-native" || service === null) return { blocker: null, notices: [] };
  const read = lookAt(() => aws.inventory.ecs.describeServices(cluster, [service], "action"));
  const found = (await inTime(LOOK_MS, read))?.value;
  // Where the service itself cannot be read, the look that everything rests on says so.
  const moves = found?.state === "seen" ? found.value.flatMap((one) => one.moves ?? []) : [];
  const facts = await Promise.all(
    moves.map(async (one) => {
      const looked = await inTime(LOOK_MS, lookAtInfrastructure(aws, one, accountId, "action"));
      return looked?.value ?? { arn: one.roleArn, role: LATE, may: LATE };
    }),
  );
  const points = facts.flatMap((fact) => checkInfrastructure(fact).map((point) => ({ ...point, arn: fact.arn })));
  const bad = points.find(({ outcome }) => outcome === "fail");
  return {
    blocker: bad
      ? blocker(
          "AWS_DISAGREES",
          say("blocker.roleCannotMove", { why: bad.said ?? bad.evidence }),
          say("blocker.mendRole", { arn: bad.arn }),
        )
      : null,
    notices: points
      .filter(({ outcome }) => outcome === "unknown")
      .map(({ arn, said, evidence }) => say("blocker.roleUnknown", { arn, why: said ?? evidence })),
  };
}
