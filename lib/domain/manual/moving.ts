import type { Application } from "../application/application.ts";
import { productionRefs } from "../application/application.ts";
import type { Deployment } from "../deployment/deployment.ts";
import { isAwsDeploymentOver } from "../observation/aws-deployment.ts";
import type { Observation } from "../observation/observation.ts";
import { otherColor, type SlotColor } from "../observation/slot.ts";
import { driftOf } from "../observation/traffic.ts";
import { type Sentence, say } from "../sentence/sentence.ts";
import { type MovingStep, movingSteps } from "./moving-steps.ts";
import { MOVING_WORDS } from "./moving-words.ts";

/** One thing that was looked at before a move; what only people know is asked. */
export interface MovingPoint {
  outcome: "pass" | "fail" | "ask";
  words: Sentence;
  /** What to do about it; left out where nothing has to be done. */
  fix?: Sentence;
}

/** What it takes to have ECS move an application's traffic itself. Nothing of it is done here. */
export interface MovingPlan {
  application: string;
  /** "CodeDeploy", "task sets", "two services"; null where ECS does it already, and then there is nothing to move. */
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
  const { blue, green } = traffic.weights;
  const { healthy, desired } = slots[side].counts;
  const others = productionRefs(application).length - 1;
  return [
    judge(!isGoing, say("moving.idle"), say("moving.busy"), say("moving.waitForEnd")),
    judge(
      !traffic.drift,
      say("moving.forwards", { name: traffic.name }),
      say("moving.drifted", { name: traffic.name, drift: driftOf(traffic) ?? "" }),
      say("moving.forwardByWeight"),
    ),
    judge(
      traffic.live === "blue" || traffic.live === "green",
      say("moving.oneGroup", { live: traffic.live }),
      say("moving.bothGroups", { blue, green }),
      say("moving.toWeightZero"),
    ),
    judge(
      healthy > 0 && healthy >= desired,
      say("moving.healthy", { side, healthy, desired }),
      say("moving.unhealthy", { side, healthy, desired }),
      say("moving.bringBack", { side }),
    ),
    judge(
      others === 0,
      say("moving.oneListener"),
      say("moving.moreListeners", { count: others, name: traffic.name }),
      say("moving.throughOne"),
    ),
    ...restOf(application, slots[otherColor(side)].counts.running, otherColor(side)),
  ];
}

/** What runs on the other side, which ECS needs empty. */
function restOf({ controller }: Application, running: number, rest: SlotColor): MovingPoint[] {
  if (running === 0) return [{ outcome: "pass", words: say("moving.restEmpty", { side: rest }) }];
  const fix = {
    "paired-services": say("moving.emptyService", { side: rest }),
    "task-set": say("moving.emptySet", { side: rest }),
    "code-deploy": say("moving.emptyCodeDeploy"),
    "ecs-native": say("moving.waitForEnd"),
  }[controller];
  const words = say("moving.restRuns", { side: rest, count: running });
  return [{ outcome: "fail", words, fix }];
}

/** What AWS does not tell, or is not asked here. */
function asked({ controller, approvals, smoke, testListener }: Application): MovingPoint[] {
  const ask = (words: Sentence, fix: Sentence): MovingPoint => ({ outcome: "ask", words, fix });
  return [
    ask(say("moving.ask.rights"), say("list.and", { before: "ecs:UpdateService", last: "iam:PassRole" })),
    ...(controller === "code-deploy" ? [ask(say("moving.ask.hooks"), say("moving.ask.hooksFix"))] : []),
    ask(say("moving.ask.others"), say("moving.ask.othersFix")),
    ...(approvals?.release ? [ask(say("moving.ask.approver"), say("moving.ask.approverFix"))] : []),
    ...(smoke ? [ask(say("moving.ask.smoke"), say("moving.ask.smokeFix"))] : []),
    ...(testListener ? [] : [ask(say("moving.ask.test"), say("moving.ask.testFix"))]),
  ];
}
