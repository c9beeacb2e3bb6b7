import type { Aws } from "../aws/aws.ts";
import type { Application } from "../domain/application/application.ts";
import type { CliCommand } from "../domain/manual/cli-command.ts";
import type { Move } from "../domain/manual/move.ts";
import { say } from "../domain/sentence/sentence.ts";
import { readService } from "../gather/read-fresh.ts";
import { createCli, option, revisionCommands } from "./command-parts.ts";

/** The AWS CLI's commands for deployments that ECS drives itself: they never name a rule. */
export async function nativeCommands(
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
  const service = application.slots.blue.service ?? "";
  const at = ["--cluster", application.cluster, ...option("--service", service)];
  switch (move.type) {
    case "startAws": {
      const { taskDefinition: current } = await readService(aws, application, service);
      const { commands, taskDefinition } = await revisionCommands(aws, cli, application, current, move.revision);
      const update = cli("ecs", "update-service", ...at, "--task-definition", taskDefinition, "--force-new-deployment");
      return [
        ...commands,
        {
          purpose: say("manual.awsDeploys"),
          argv: [...update, "--query", "service.currentServiceDeployment", "--output", "text"],
        },
      ];
    }
    case "answerGate":
      return [
        {
          purpose: say("manual.answerGate", { deployment: move.deployment, action: move.action }),
          argv: cli(
            ...["ecs", "continue-service-deployment", "--service-deployment-arn", move.deployment],
            ...["--hook-id", move.gate, "--action", move.action],
          ),
        },
      ];
    case "rollBackAws":
      return [
        {
          purpose: say("manual.awsBringsBack"),
          argv: cli(
            ...["ecs", "stop-service-deployment", "--service-deployment-arn", move.deployment],
            ...["--stop-type", "ROLLBACK"],
          ),
        },
      ];
    default:
      return [];
  }
}
