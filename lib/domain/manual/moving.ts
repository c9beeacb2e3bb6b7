import type { Application } from "../application/application.ts";
import { productionRefs } from "../application/application.ts";
import type { Deployment } from "../deployment/deployment.ts";
import { isAwsDeploymentOver } from "../observation/aws-deployment.ts";
import type { Observation } from "../observation/observation.ts";
import { otherColor, type SlotColor } from "../observation/slot.ts";
import { movingSteps } from "./moving-steps.ts";
import { MOVING_WORDS } from "./moving-words.ts";

/** One thing that was looked at before a move; what only people know is asked. */
export interface MovingPoint {
  outcome: "pass" | "fail" | "ask";
  words: string;
  /** What to do about it; left out where nothing has to be done. */
  fix?: string;
}

/** One step of the move; its script is what to paste, null where there is nothing to. */
export interface MovingStep {
  title: string;
  why: string;
  script: string | null;
}

/** What it takes to have ECS move an application's traffic itself. Nothing of it is done here. */
export interface MovingPlan {
  application: string;
  /** "CodeDeploy", "task sets", "two services"; null where ECS does it already, and then there is nothing to move. */
  from: string | null;
  points: MovingPoint[];
  steps: MovingStep[];
  gained: readonly string[];
  lost: readonly string[];
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
  const judge = (isFine: boolean, fine: string, words: string, fix: string): MovingPoint =>
    isFine ? { outcome: "pass", words: fine } : { outcome: "fail", words, fix };
  const isGoing = deployment !== null || awsDeployments.some((one) => !isAwsDeploymentOver(one));
  const { blue, green } = traffic.weights;
  const { healthy, desired } = slots[side].counts;
  const others = productionRefs(application).length - 1;
  return [
    judge(!isGoing, "No deployment is going on", "A deployment is going on", "Wait until it has ended"),
    judge(
      !traffic.drift,
      `${traffic.name} forwards to both target groups by weight`,
      `${traffic.name} is not as expected: ${traffic.drift}`,
      "Have it forward to the two target groups by weight",
    ),
    judge(
      traffic.live === "blue" || traffic.live === "green",
      `One group has all the weight: ${traffic.live}`,
      `ECS needs exactly one group with weight; blue has ${blue}, green ${green}`,
      "Bring one side to weight 0",
    ),
    judge(
      healthy > 0 && healthy >= desired,
      `${side} is healthy: ${healthy} of ${desired}`,
      `${side} has ${healthy} of ${desired} targets healthy`,
      `Bring ${side} back first: ECS deploys beside it`,
    ),
    judge(
      others === 0,
      "One listener or rule decides production traffic",
      `${others} more ${others === 1 ? "listener or rule moves" : "listeners or rules move"} together with ${traffic.name}, and ECS writes one`,
      "Send their traffic through that one first, or stay",
    ),
    ...restOf(application, slots[otherColor(side)].counts.running, otherColor(side)),
  ];
}

/** What runs on the other side, which ECS needs empty. */
function restOf({ controller }: Application, running: number, rest: SlotColor): MovingPoint[] {
  if (running === 0) return [{ outcome: "pass", words: `${rest} runs nothing, so ECS can deploy there` }];
  const fix = {
    "paired-services": `Scale ${rest}'s service to 0, and delete it once the first deployment of ECS's has ended`,
    "task-set": `Delete ${rest}'s task set`,
    "code-deploy": "Let CodeDeploy's termination wait end",
    "ecs-native": "",
  }[controller];
  const words = `${rest} runs ${running} ${running === 1 ? "task" : "tasks"} that ECS would not know as its own`;
  return [{ outcome: "fail", words, fix }];
}

/** What AWS does not tell, or is not asked here. */
function asked({ controller, approvals, smoke, testListener }: Application): MovingPoint[] {
  const ask = (words: string, fix: string): MovingPoint => ({ outcome: "ask", words, fix });
  return [
    ask(
      "Whether whoever runs the steps may change the service and pass the role",
      "ecs:UpdateService and iam:PassRole",
    ),
    ...(controller === "code-deploy"
      ? [
          ask(
            "Whether the AppSpec has hooks: ECS takes a function's answer, and CodeDeploy waited for a callback",
            "Have each function return hookStatus SUCCEEDED or FAILED, and name it as a lifecycle hook of the service",
          ),
        ]
      : []),
    ask("What else deploys the service, such as a pipeline or Terraform", "Have it call UpdateService from then on"),
    ...(approvals?.release
      ? [ask("Who approves a release", "Keep the PAUSE hook before production that step 2 sets: approvals answer it")]
      : []),
    ...(smoke ? [ask("What the smoke check asks", "Make it a lifecycle hook at POST_TEST_TRAFFIC_SHIFT")] : []),
    ...(testListener ? [] : [ask("Whether the new version is to be tried first", "Add a test listener or rule")]),
  ];
}
