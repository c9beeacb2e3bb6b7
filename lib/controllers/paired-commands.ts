import type { Aws } from "../aws/aws.ts";
import type { Application } from "../domain/application/application.ts";
import type { CliArgument, CliCommand } from "../domain/manual/cli-command.ts";
import type { Move } from "../domain/manual/move.ts";
import { SLOT_COLORS, type SlotColor } from "../domain/observation/slot.ts";
import { type Sentence, say } from "../domain/sentence/sentence.ts";
import { readCurrentWeights } from "../gather/current-weights.ts";
import { readService } from "../gather/read-fresh.ts";
import { createCli, option, revisionCommands, shiftCommands, waitCommand } from "./command-parts.ts";

/** The AWS CLI's commands that do these moves where each side is a service of its own, from how AWS is now. */
export async function pairedCommands(
  aws: Aws,
  application: Application,
  moves: readonly Move[],
): Promise<CliCommand[]> {
  const cli = createCli(aws, application);
  const [{ refs }, blue, green] = await Promise.all([
    readCurrentWeights(aws, application),
    ...SLOT_COLORS.map((slot) => readService(aws, application, serviceName(application, slot))),
  ]);
  const services = { blue, green };
  const here = (slot: SlotColor) => [
    ...option("--cluster", application.cluster),
    ...option("--service", serviceName(application, slot)),
  ];
  const update = (slot: SlotColor, purpose: Sentence, ...argv: CliArgument[]): CliCommand => ({
    purpose,
    argv: cli("ecs", "update-service", ...here(slot), ...argv, "--query", "service.serviceArn", "--output", "text"),
  });
  const commands: CliCommand[] = [];
  for (const move of moves)
    switch (move.type) {
      case "startSide": {
        const { slot, desired } = move;
        const current = services[slot]?.taskDefinition ?? "";
        const revision = await revisionCommands(aws, cli, application, current, move.revision);
        // AWS takes a deregistered revision from nobody, but raises the count of a service that holds one.
        const isHeld = "taskDefinition" in move.revision && move.revision.taskDefinition === current;
        const which = isHeld ? [] : option("--task-definition", revision.taskDefinition);
        const wanted = [...which, "--desired-count", String(desired)];
        commands.push(
          ...revision.commands,
          update(slot, say("manual.updateSide", { side: slot, count: desired }), ...wanted),
        );
        break;
      }
      case "waitHealthy":
        // The targets of before are healthy as well: the service itself says when the new tasks have taken over.
        commands.push(
          {
            purpose: say("manual.waitNewTasks", { side: move.slot }),
            argv: cli(
              ...["ecs", "wait", "services-stable", ...option("--cluster", application.cluster)],
              ...option("--services", serviceName(application, move.slot)),
            ),
          },
          waitCommand(cli, application, move.slot),
        );
        break;
      case "shift":
        commands.push(...shiftCommands(cli, application, refs, move));
        break;
      case "retireSide":
        commands.push(
          update(move.slot, say("manual.scaleSide", { side: move.slot, count: 0 }), "--desired-count", "0"),
        );
    }
  return commands;
}

function serviceName(application: Application, slot: SlotColor): string {
  const { service } = application.slots[slot];
  if (service === null) throw new TypeError(`${application.name} has no ECS service for ${slot}`);
  return service;
}
