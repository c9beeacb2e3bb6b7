import type { ControllerName } from "../application/controller-name.ts";
import { type Sentence, say } from "../sentence/sentence.ts";

interface Words {
  from: Sentence;
  gained: readonly Sentence[];
  lost: readonly Sentence[];
}

const BY_ECS = [say("moving.gain.hooks"), say("moving.gain.breaker"), say("moving.gain.rollback")];
const BY_SWITCHYARD_LOST = [
  say("moving.loss.switchAlone"),
  say("moving.loss.rollout"),
  say("moving.loss.window"),
  say("moving.loss.oneWrite"),
  say("moving.loss.withoutStore"),
  say("moving.loss.smoke"),
];

/** What a move to ECS's own deployments changes, by what it is moved from. */
export const MOVING_WORDS: Readonly<Record<Exclude<ControllerName, "ecs-native">, Words>> = {
  "code-deploy": {
    from: say("moving.from.codeDeploy"),
    gained: [...BY_ECS, say("moving.gain.oneApi"), say("moving.gain.replaced")],
    lost: [
      say("moving.loss.codePipeline"),
      say("moving.loss.hooks"),
      say("moving.loss.terminationWait"),
      say("moving.loss.atOnce"),
    ],
  },
  "task-set": {
    from: say("moving.from.taskSets"),
    gained: [...BY_ECS, say("moving.gain.asAnyService")],
    lost: BY_SWITCHYARD_LOST,
  },
  "paired-services": {
    from: say("moving.from.twoServices"),
    gained: [...BY_ECS, say("moving.gain.oneService"), say("moving.gain.noIdleTasks")],
    lost: [...BY_SWITCHYARD_LOST, say("moving.loss.twoServices")],
  },
};
