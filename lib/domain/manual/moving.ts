import type { Application } from "../application/application.ts";
import { productionRefs } from "../application/application.ts";
import type { Deployment } from "../deployment/deployment.ts";
import { isAwsDeploymentOver } from "../observation/aws-deployment.ts";
import type { Observation } from "../observation/observation.ts";
import { otherColor, type SlotColor } from "../observation/slot.ts";
import { driftOf } from "../observation/traffic.ts";
import { listSaid } from "../sentence/list.ts";
import { type Sentence, say } from "../sentence/sentence.ts";
import { movingSteps } from "./moving-steps.ts";
import { MOVING_WORDS } from "./moving-words.ts";

/** One thing that was looked at before a move; what only people know is asked. */
export interface MovingPoint {
  outcome: "pass" | "fail" | "ask";
  words: Sentence;
  /** What to do about it; left out where nothing has to be done. */
  fix?: Sentence;
}

/** One step of the move; its script is what to paste, null where there is nothing to. */
export interface MovingStep {
  title: Sentence;
  why: Sentence;
  script: string | null;
}

/** What it takes to have ECS move an application's traffic itself. Nothing of it is done here. */
export interface MovingPlan {
  application: string;
  /** What moves its traffic now; null where ECS does it already, and then there is nothing to move. */
  from: Sentence | null;
  points: MovingPoint[];
  steps: MovingStep[];
  gained: readonly Sentence[];
  lost: readonly Sentence[];
  /** Epoch ms of the look that it rests on. */
  observedAt: number;
}

/** The plan by a look at AWS. Pure: it asks and writes nothing. */
export function movingPlan(
  application: Application,
  observation: Observation,
  deployment: Deployment | null,
): MovingPlan {
  const { name, controller } = application;
  const { observedAt } = observation;
  if (controller === "ecs-native")
    return { application: name, from: null, points: [], steps: [], gained: [], lost: [], observedAt };
  const { live } = observation.traffic;
  // Where no side is known to be live, the steps are shown for blue and the points say what has to be mended first.
  const side: SlotColor = live === "green" ? "green" : "blue";
  return {
    application: name,
    ...MOVING_WORDS[controller],
    points: [...findPoints(application, observation, deployment, side), ...asked(application)],
    steps: movingSteps(application, observation, side),
    observedAt,
  };
}

function findPoints(
  application: Application,
  { traffic, slots, awsDeployments = [] }: Observation,
  deployment: Deployment | null,
  side: SlotColor,
): MovingPoint[] {
  const judge = (isFine: boolean, fine: Sentence, words: Sentence, fix: Sentence): MovingPoint =>
    isFine ? { outcome: "pass", words: fine } : { outcome: "fail", words, fix };
  const isGoing = deployment !== null || awsDeployments.some((one) => !isAwsDeploymentOver(one));
  const { weights, name: listener } = traffic;
  const { healthy, desired } = slots[side].counts;
  const others = productionRefs(application).length - 1;
  const drift = driftOf(traffic);
  return [
    judge(!isGoing, say("moving.point.noDeployment"), say("moving.point.deployment"), say("moving.fix.wait")),
    judge(
      drift === null,
      say("moving.point.forwards", { listener }),
      say("moving.point.drift", { listener, drift: drift ?? "" }),
      say("moving.fix.forward"),
    ),
    judge(
      traffic.live === "blue" || traffic.live === "green",
      say("moving.point.oneGroup", { side: traffic.live }),
      say("moving.point.notOneGroup", weights),
      say("moving.fix.oneGroup"),
    ),
    judge(
      healthy > 0 && healthy >= desired,
      say("moving.point.healthy", { side, healthy, desired }),
      say("moving.point.unhealthy", { side, healthy, desired }),
      say("moving.fix.bringBack", { side }),
    ),
    judge(
      others === 0,
      say("moving.point.oneWay"),
      say("moving.point.moreWays", { count: others, listener }),
      say("moving.fix.moreWays"),
    ),
    ...restOf(application, slots[otherColor(side)].counts.running, otherColor(side)),
  ];
}

/** What runs on the other side, which ECS needs empty. */
function restOf({ controller }: Application, count: number, side: SlotColor): MovingPoint[] {
  if (count === 0) return [{ outcome: "pass", words: say("moving.point.restEmpty", { side }) }];
  const fix = {
    "paired-services": say("moving.fix.scaleDown", { side }),
    "task-set": say("moving.fix.deleteTaskSet", { side }),
    "code-deploy": say("moving.fix.letEnd"),
    "ecs-native": say("moving.fix.letEnd"),
  }[controller];
  return [{ outcome: "fail", words: say("moving.point.restRuns", { side, count }), fix }];
}

/** What AWS does not tell, or is not asked here. */
function asked({ controller, approvals, smoke, testListener }: Application): MovingPoint[] {
  const ask = (words: Sentence, fix: Sentence): MovingPoint => ({ outcome: "ask", words, fix });
  const actions = listSaid(["ecs:UpdateService", "iam:PassRole"], "and");
  return [
    ask(say("moving.ask.permissions"), say("moving.fix.permissions", { actions })),
    ...(controller === "code-deploy" ? [ask(say("moving.ask.appSpec"), say("moving.fix.appSpec"))] : []),
    ask(say("moving.ask.others"), say("moving.fix.others")),
    ...(approvals?.release ? [ask(say("moving.ask.approvals"), say("moving.fix.approvals"))] : []),
    ...(smoke ? [ask(say("moving.ask.smoke"), say("moving.fix.smoke"))] : []),
    ...(testListener ? [] : [ask(say("moving.ask.tryFirst"), say("moving.fix.tryFirst"))]),
  ];
}
