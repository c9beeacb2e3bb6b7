import type { Aws } from "../aws/aws.ts";
import type { ActionList } from "../aws/elb-readings.ts";
import { withWeights } from "../aws/forward-action.ts";
import { DEPLOYMENT_TAG } from "../aws/task-definitions.ts";
import type { Application, ListenerRef } from "../domain/application/application.ts";
import type { CliArgument, CliCommand } from "../domain/manual/cli-command.ts";
import type { Move } from "../domain/manual/move.ts";
import type { SlotColor } from "../domain/observation/slot.ts";
import { findMainContainer } from "../domain/observation/task-definition.ts";
import { REGISTERED_ONLY } from "../domain/observation/task-definition-fields.ts";
import { type Weights, weightsWords } from "../domain/observation/traffic.ts";
import { say } from "../domain/sentence/sentence.ts";

/** Completes commands so that they reach what this Aws reaches. */
export type Cli = (...argv: readonly CliArgument[]) => CliArgument[];

/** The AWS CLI with the application's Region, and the endpoint where it is not AWS's own. */
export function createCli(aws: Pick<Aws, "endpoint">, application: Pick<Application, "region">): Cli {
  const to = aws.endpoint === null ? [] : ["--endpoint-url", aws.endpoint];
  return (...argv) => ["aws", ...argv, "--region", application.region, ...to];
}

/** An option with its value; in one word where the value would read as another option. */
export function option(name: string, value: CliArgument): CliArgument[] {
  return typeof value === "string" && value.startsWith("-") ? [`${name}=${value}`] : [name, value];
}

/** An option whose value is a document. */
export function json(name: string, value: unknown): CliArgument[] {
  // Characters that are legal in JSON and act on a terminal are written as escapes.
  const text = JSON.stringify(value, null, 2).replaceAll(
    /[\u007f-\u009f\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return [name, text];
}

/** Writes the whole action list back with only the weights changed, and reads it back. */
export function shiftCommands(
  cli: Cli,
  application: Application,
  refs: readonly { ref: ListenerRef; list: ActionList }[],
  { to, weights }: Extract<Move, { type: "shift" }>,
): CliCommand[] {
  const { slots } = application;
  const look: CliCommand = {
    purpose: say("manual.lookAtTargets", { side: to }),
    argv: cli(
      "elbv2",
      "describe-target-health",
      ...option("--target-group-arn", slots[to].targetGroupArn),
      ...["--query", "TargetHealthDescriptions[].[Target.Id,TargetHealth.State]", "--output", "text"],
    ),
  };
  const writes = refs.flatMap(({ ref, list }) => writeCommand(cli, application, ref, list, weights));
  return writes.length === 0 ? [] : [look, ...writes, ...refs.map(({ ref }) => readBackCommand(cli, ref, refs.length))];
}

function writeCommand(
  cli: Cli,
  { slots }: Application,
  ref: ListenerRef,
  list: ActionList,
  weights: Weights,
): CliCommand[] {
  const actions = withWeights(list.actions, [
    { targetGroupArn: slots.blue.targetGroupArn, weight: weights.blue },
    { targetGroupArn: slots.green.targetGroupArn, weight: weights.green },
  ]);
  if (!actions) return [];
  return [
    {
      purpose: say("manual.setWeights", { name: ref.name, weights: weightsWords(weights) }),
      argv:
        ref.kind === "rule"
          ? cli("elbv2", "modify-rule", "--rule-arn", ref.arn, ...json("--actions", actions))
          : cli("elbv2", "modify-listener", "--listener-arn", ref.arn, ...json("--default-actions", actions)),
    },
  ];
}

function readBackCommand(cli: Cli, ref: ListenerRef, count: number): CliCommand {
  const tuples = "ForwardConfig.TargetGroups[].[TargetGroupArn,Weight]";
  return {
    purpose: count > 1 ? say("manual.readWeightsOf", { name: ref.name }) : say("manual.readWeights"),
    argv:
      ref.kind === "rule"
        ? cli(
            ...["elbv2", "describe-rules", "--rule-arns", ref.arn],
            ...["--query", `Rules[].Actions[].${tuples}`, "--output", "text"],
          )
        : cli(
            ...["elbv2", "describe-listeners", "--listener-arns", ref.arn],
            ...["--query", `Listeners[].DefaultActions[].${tuples}`, "--output", "text"],
          ),
  };
}

/** Waits until every target of the side's group is healthy; those on their way out are waited for as well. */
export function waitCommand(cli: Cli, application: Application, slot: SlotColor): CliCommand {
  return {
    purpose: say("manual.waitHealthy", { side: slot }),
    argv: cli("elbv2", "wait", "target-in-service", "--target-group-arn", application.slots[slot].targetGroupArn),
  };
}

/** A condition of jq's. */
function isImageOf({ containers = [] }: Application): string {
  return [".name == $container", ...containers.map((name) => `.name == ${JSON.stringify(name)}`)].join(" or ");
}

/**
 * The argument that names the revision, after commands that register it where it is an image. Values of environment variables
 * go from AWS to AWS through a shell variable: they are not part of what is shown here.
 */
export async function revisionCommands(
  aws: Aws,
  cli: Cli,
  application: Application,
  currentArn: string,
  revision: Extract<Move, { type: "startSide" }>["revision"],
): Promise<{ commands: CliCommand[]; taskDefinition: CliArgument }> {
  if ("taskDefinition" in revision) return { commands: [], taskDefinition: revision.taskDefinition };
  const from = revision.from ?? currentArn;
  const current = await aws.definitions.get(from, "action");
  const container = findMainContainer(current, application.container)?.name ?? "";
  const filter = [
    ".tags as $tags | .taskDefinition",
    `del(${REGISTERED_ONLY.map((name) => `.${name}`).join(", ")})`,
    `.containerDefinitions |= map(if ${isImageOf(application)} then .image = $image else . end)`,
    `.tags = [$tags[]? | select((.key | startswith("aws:") | not) and .key != "${DEPLOYMENT_TAG}")]`,
    "if .tags == [] then del(.tags) else . end",
  ].join("\n  | ");
  return {
    taskDefinition: { variable: "TASK_DEFINITION" },
    commands: [
      {
        purpose: revision.from
          ? say("manual.takeDeregistered", { image: revision.image })
          : say("manual.takeRunning", { image: revision.image }),
        argv: cli(
          ...["ecs", "describe-task-definition", "--task-definition", from],
          ...["--include", "TAGS", "--output", "json"],
        ),
        filter: ["jq", "--arg", "container", container, "--arg", "image", revision.image, filter],
        into: "DEFINITION",
      },
      {
        purpose: say("manual.register"),
        argv: cli(
          ...["ecs", "register-task-definition", "--cli-input-json", { variable: "DEFINITION" }],
          ...["--query", "taskDefinition.taskDefinitionArn", "--output", "text"],
        ),
        into: "TASK_DEFINITION",
      },
    ],
  };
}
