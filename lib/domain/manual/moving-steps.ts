import type { Application, ListenerRef } from "../application/application.ts";
import type { Observation } from "../observation/observation.ts";
import { otherColor, type SlotColor } from "../observation/slot.ts";
import { type Sentence, say } from "../sentence/sentence.ts";
import type { CliArgument, CliCommand } from "./cli-command.ts";

/** One step of the move; its commands are what to paste, null where there is nothing to. */
export interface MovingStep {
  title: Sentence;
  why: Sentence;
  commands: readonly CliCommand[] | null;
}

const ROLE = "ecsInfrastructureRoleForLoadBalancers";
const ROLE_POLICY = "service-role/AmazonECSInfrastructureRolePolicyForLoadBalancers";
const TRUST = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "ecs.amazonaws.com" }, Action: "sts:AssumeRole" }],
};
const DEFAULT_PAUSE_MINUTES = 1440;
const DEFAULT_WINDOW_MINUTES = 60;
const LONGEST_PAUSE_MINUTES = 20_160;

/** The steps in their order, for the side that is live now. Nothing is left out that has to be done by hand. */
export function movingSteps(application: Application, observation: Observation, live: SlotColor): MovingStep[] {
  const { listener } = application;
  const partition = listener.arn.split(":")[1] ?? "aws";
  return [
    {
      title: say("moving.role"),
      why: say("moving.roleWhy"),
      commands: [
        {
          purpose: say("moving.makeRole"),
          argv: [
            "aws",
            "iam",
            "create-role",
            "--role-name",
            ROLE,
            "--assume-role-policy-document",
            JSON.stringify(TRUST),
          ],
        },
        {
          purpose: say("moving.allowRole"),
          argv: [
            ...["aws", "iam", "attach-role-policy", "--role-name", ROLE],
            ...["--policy-arn", `arn:${partition}:iam::aws:policy/${ROLE_POLICY}`],
          ],
        },
      ],
    },
    {
      title: say("moving.change"),
      why: say("moving.changeWhy", { side: live }),
      commands: updateCommands(application, observation, live),
    },
    {
      title: say("moving.tell"),
      why: say("moving.tellWhy", { service: serviceOf(application, live), name: application.name }),
      commands: null,
    },
    {
      title: say("moving.release"),
      why: say("moving.releaseWhy"),
      commands: null,
    },
    ...afterwards(application, live),
  ];
}

function updateCommands(application: Application, observation: Observation, live: SlotColor): CliCommand[] {
  const { listener, testListener, region, cluster, slots, container } = application;
  const aws = (...words: CliArgument[]): CliArgument[] => ["aws", ...words, "--region", region];
  const ruleOf = (ref: ListenerRef, into: string): CliCommand => ({
    purpose: say(ref.kind === "rule" ? "moving.ruleOf" : "moving.defaultRuleOf", { name: ref.name }),
    argv:
      ref.kind === "rule"
        ? aws("elbv2", "describe-rules", "--rule-arns", ref.arn, ...text("Rules[0].RuleArn"))
        : aws("elbv2", "describe-rules", "--listener-arn", ref.arn, ...text("Rules[?IsDefault].RuleArn | [0]")),
    into,
  });
  const { revision, targets } = observation.slots[live];
  const port = targets[0]?.port;
  const balancer: CliArgument = [
    `[{"targetGroupArn":"${slots[live].targetGroupArn}","containerName":"${container ?? "CONTAINER"}","containerPort":${port ?? "PORT"},`,
    `"advancedConfiguration":{"alternateTargetGroupArn":"${slots[otherColor(live)].targetGroupArn}","productionListenerRule":"`,
    { variable: "production_rule" },
    ...(testListener ? ['","testListenerRule":"', { variable: "test_rule" }] : []),
    '","roleArn":"',
    { variable: "role" },
    '"}}]',
  ];
  return [
    ruleOf(listener, "production_rule"),
    ...(testListener ? [ruleOf(testListener, "test_rule")] : []),
    {
      purpose: say("moving.theRole"),
      argv: ["aws", "iam", "get-role", "--role-name", ROLE, ...text("Role.Arn")],
      into: "role",
    },
    {
      purpose: say("moving.moveFromNow"),
      argv: [
        ...aws("ecs", "update-service", "--cluster", cluster, "--service", serviceOf(application, live)),
        ...["--deployment-controller", "type=ECS"],
        ...(application.controller === "task-set" && revision ? ["--task-definition", revision.taskDefinition] : []),
        ...["--deployment-configuration", JSON.stringify(configurationOf(application))],
        "--load-balancers",
        balancer,
        ...text("service.deploymentConfiguration"),
      ],
    },
  ];
}

/** The PAUSE hooks stand for what people decide now: the switch, and the end of the window. */
function configurationOf({ approvals, windowMinutes, bakeMinutes }: Application): object {
  const pause = (stage: string, minutes: number, action: "ROLLBACK" | "CONTINUE") => ({
    targetType: "PAUSE",
    lifecycleStages: [stage],
    timeoutConfiguration: { timeoutInMinutes: Math.min(minutes, LONGEST_PAUSE_MINUTES), action },
  });
  const asked = approvals?.release?.timeLimitMinutes ?? DEFAULT_PAUSE_MINUTES;
  return {
    strategy: "BLUE_GREEN",
    bakeTimeInMinutes: bakeMinutes,
    maximumPercent: 200,
    minimumHealthyPercent: 100,
    deploymentCircuitBreaker: { enable: true, rollback: true },
    lifecycleHooks: [
      pause("POST_TEST_TRAFFIC_SHIFT", asked, "ROLLBACK"),
      pause("POST_PRODUCTION_TRAFFIC_SHIFT", windowMinutes || DEFAULT_WINDOW_MINUTES, "CONTINUE"),
    ],
  };
}

function afterwards({ controller, codeDeploy, slots, cluster, region }: Application, live: SlotColor): MovingStep[] {
  const rest = otherColor(live);
  if (controller === "code-deploy" && codeDeploy)
    return [
      {
        title: say("moving.deleteGroup"),
        why: say("moving.deleteGroupWhy"),
        commands: [
          {
            purpose: say("moving.deleteGroup"),
            argv: [
              ...["aws", "deploy", "delete-deployment-group", "--application-name", codeDeploy.application],
              ...["--deployment-group-name", codeDeploy.group, "--region", region],
            ],
          },
        ],
      },
    ];
  const { service } = slots[rest];
  if (controller !== "paired-services" || service === null) return [];
  return [
    {
      title: say("moving.deleteService", { side: rest }),
      why: say("moving.deleteServiceWhy"),
      commands: [
        {
          purpose: say("moving.delete", { name: service }),
          argv: ["aws", "ecs", "delete-service", "--cluster", cluster, "--service", service, "--region", region],
        },
      ],
    },
  ];
}

function serviceOf({ slots }: Application, live: SlotColor): string {
  return slots[live].service ?? "SERVICE";
}

function text(query: string): string[] {
  return ["--query", query, "--output", "text"];
}
