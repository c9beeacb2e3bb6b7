import type { Aws } from "../aws/aws.ts";
import type { Application } from "../domain/application/application.ts";
import type { CliCommand } from "../domain/manual/cli-command.ts";
import type { Move } from "../domain/manual/move.ts";
import { say } from "../domain/sentence/sentence.ts";
import { waitOf } from "../gather/code-deploy-mapping.ts";
import { readService } from "../gather/read-fresh.ts";
import { AT_ONCE, eventsOf, nextAppSpec, primaryTaskSet } from "./code-deploy-spec.ts";
import { createCli, json, option, revisionCommands } from "./command-parts.ts";

/** Puts a task definition that was just described into an AppSpec, as `create-deployment` takes it. */
const REVISION_FILTER = [
  ".taskDefinition.taskDefinitionArn as $arn",
  "($spec | fromjson | .Resources[0][].Properties.TaskDefinition = $arn | tojson) as $content",
  '{revisionType: "AppSpecContent", appSpecContent: {content: $content}}',
].join("\n  | ");

/** The AWS CLI's commands for deployments that CodeDeploy drives: they never name a listener. */
export async function codeDeployCommands(
  aws: Aws,
  application: Application,
  moves: readonly Move[],
): Promise<CliCommand[]> {
  const commands: CliCommand[] = [];
  for (const move of moves) commands.push(...(await commandsOf(aws, application, move)));
  return commands;
}

async function commandsOf(aws: Aws, application: Application, move: Move): Promise<CliCommand[]> {
  const cli = createCli(aws, application);
  switch (move.type) {
    case "startAws":
      return startCommands(aws, application, move);
    case "answerGate": {
      const wait = waitOf(move.deployment, move.gate);
      if (wait === null) return [];
      if (move.action === "ROLLBACK") return commandsOf(aws, application, { ...move, type: "rollBackAws" });
      return [
        {
          purpose:
            wait === "READY_WAIT"
              ? say("manual.codeDeployReroutes", { deployment: move.deployment })
              : say("manual.codeDeployRemoves", { deployment: move.deployment }),
          argv: cli(
            ...["deploy", "continue-deployment", "--deployment-id", move.deployment],
            ...["--deployment-wait-type", wait],
          ),
        },
      ];
    }
    case "rollBackAws":
      return [
        {
          purpose: say("manual.codeDeployBringsBack"),
          argv: cli("deploy", "stop-deployment", "--deployment-id", move.deployment, "--auto-rollback-enabled"),
        },
      ];
    default:
      return [];
  }
}

async function startCommands(
  aws: Aws,
  application: Application,
  { revision, isRollback }: Extract<Move, { type: "startAws" }>,
): Promise<CliCommand[]> {
  const { codeDeploy, slots } = application;
  if (!codeDeploy) return [];
  const cli = createCli(aws, application);
  const [group, service] = await Promise.all([
    aws.codeDeploy.getGroup(codeDeploy, "action"),
    readService(aws, application, slots.blue.service ?? ""),
  ]);
  const current = primaryTaskSet(service)?.taskDefinition ?? service.taskDefinition;
  const { commands, taskDefinition } = await revisionCommands(aws, cli, application, current, revision);
  const spec = await nextAppSpec(aws, group, service, current);
  return [
    ...commands,
    {
      purpose: say("manual.putIntoAppSpec"),
      argv: cli(...["ecs", "describe-task-definition", "--task-definition", taskDefinition], ...["--output", "json"]),
      filter: ["jq", "--compact-output", "--arg", "spec", spec, REVISION_FILTER],
      into: "REVISION",
    },
    {
      purpose: isRollback ? say("manual.codeDeployDeploysAtOnce") : say("manual.codeDeployDeploys"),
      argv: cli(
        ...["deploy", "create-deployment", ...option("--application-name", codeDeploy.application)],
        ...option("--deployment-group-name", codeDeploy.group),
        ...["--revision", { variable: "REVISION" }],
        ...json("--auto-rollback-configuration", { enabled: true, events: eventsOf(group) }),
        ...(isRollback ? ["--deployment-config-name", AT_ONCE] : []),
        ...["--query", "deploymentId", "--output", "text"],
      ),
    },
  ];
}
