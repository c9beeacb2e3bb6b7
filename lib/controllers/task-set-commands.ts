import type { Aws } from "../aws/aws.ts";
import { toCreateTaskSetInput } from "../aws/task-sets.ts";
import type { Application } from "../domain/application/application.ts";
import type { CliArgument, CliCommand } from "../domain/manual/cli-command.ts";
import type { Move } from "../domain/manual/move.ts";
import { otherColor, type SlotColor } from "../domain/observation/slot.ts";
import { type Sentence, say } from "../domain/sentence/sentence.ts";
import { readCurrentWeights } from "../gather/current-weights.ts";
import { clientTokenOf, externalIdOf, percentFor } from "../gather/task-set-sides.ts";
import { type Cli, createCli, json, option, revisionCommands, shiftCommands, waitCommand } from "./command-parts.ts";
import { type SharedService, settingsSource, type TaskSetWrites } from "./task-set-writes.ts";

/** A side's task set while the commands are thought through; its id may be known only once a command has run. */
interface SetByHand {
  id: CliArgument;
  isPrimary: boolean;
  scale: number;
  desired: number;
}

/** The AWS CLI's commands that do these moves where the sides are task sets of one service, from how AWS is now. */
export async function taskSetCommands(
  aws: Aws,
  writes: TaskSetWrites,
  application: Application,
  moves: readonly Move[],
): Promise<CliCommand[]> {
  const [{ refs, weights }, service] = await Promise.all([
    readCurrentWeights(aws, application),
    writes.read(application),
  ]);
  const cli = createCli(aws, application);
  const write = createSetCommands(cli, application, service);
  const commands: CliCommand[] = [];
  for (const move of moves)
    switch (move.type) {
      case "startSide":
        commands.push(...(await startCommands(aws, cli, application, service, write, move, weights[move.slot] === 0)));
        break;
      case "waitHealthy":
        commands.push(waitCommand(cli, application, move.slot));
        break;
      case "shift":
        commands.push(...shiftCommands(cli, application, refs, move), ...write.promote(move.to));
        break;
      case "retireSide":
        commands.push(...write.removeAll(move.slot));
    }
  return commands;
}

type SetCommands = ReturnType<typeof createSetCommands>;

async function startCommands(
  aws: Aws,
  cli: Cli,
  application: Application,
  service: SharedService,
  write: SetCommands,
  { slot, revision, desired }: Extract<Move, { type: "startSide" }>,
  isIdle: boolean,
): Promise<CliCommand[]> {
  const side = service.sides[slot];
  if ("taskDefinition" in revision && side.current?.taskDefinition === revision.taskDefinition)
    return [...write.scale(slot, desired), ...(isIdle ? write.removeOlder(slot) : [])];
  const { like, from } = settingsSource(service, slot);
  const registered = await revisionCommands(aws, cli, application, like.taskDefinition, revision);
  const room = write.makeRoom(slot, desired);
  const { slots } = application;
  const { taskDefinition: _named, ...input } = toCreateTaskSetInput({
    cluster: application.cluster,
    service: service.name,
    taskDefinition: "",
    externalId: externalIdOf(slot),
    scale: percentFor(desired, Math.max(desired, service.desired)),
    like,
    targetGroup: { from: slots[from].targetGroupArn, to: slots[slot].targetGroupArn },
    // Pasted twice it makes no second task set. A definition that is registered anew each time asks for something else.
    ...("taskDefinition" in revision
      ? { clientToken: clientTokenOf(["by hand", slot, revision.taskDefinition, side.current?.id]) }
      : {}),
  });
  const create: CliCommand = {
    purpose: say("manual.createSet", { side: slot, count: desired }),
    argv: cli(
      ...["ecs", "create-task-set", ...option("--task-definition", registered.taskDefinition)],
      ...[...json("--cli-input-json", input), "--query", "taskSet.id", "--output", "text"],
    ),
    into: "TASK_SET",
  };
  return [...registered.commands, ...room, create, ...write.replaceBy(slot, { variable: "TASK_SET" }, desired)];
}

/** Commands on the task sets of one service; each takes into account what those before it change. */
function createSetCommands(cli: Cli, application: Application, service: SharedService) {
  const current: Record<SlotColor, SetByHand | null> = { blue: null, green: null };
  for (const slot of ["blue", "green"] as const) {
    const set = service.sides[slot].current;
    if (set)
      current[slot] = { id: set.id, isPrimary: set.status === "PRIMARY", scale: set.scale, desired: set.desired };
  }
  let serviceDesired = service.desired;
  const here = [...option("--cluster", application.cluster), ...option("--service", service.name)];

  const setPercent = (id: CliArgument, percent: number, purpose: Sentence): CliCommand => ({
    purpose,
    argv: cli(
      ...["ecs", "update-task-set", ...here, "--task-set", id, "--scale", `value=${percent},unit=PERCENT`],
      ...["--query", "taskSet.computedDesiredCount", "--output", "text"],
    ),
  });

  function promote(slot: SlotColor): CliCommand[] {
    const set = current[slot];
    if (!set || set.isPrimary) return [];
    for (const other of [current.blue, current.green]) if (other) other.isPrimary = other === set;
    return [
      {
        purpose: say("manual.promoteSet", { side: slot }),
        argv: cli(
          ...["ecs", "update-service-primary-task-set", ...here, "--primary-task-set", set.id],
          ...["--query", "taskSet.status", "--output", "text"],
        ),
      },
    ];
  }

  /** ECS keeps the primary task set, so another one takes its place first: the other side's, else this side's newer one. */
  function remove(slot: SlotColor, set: Pick<SetByHand, "id" | "isPrimary" | "scale">): CliCommand[] {
    const instead = current[otherColor(slot)] ? otherColor(slot) : current[slot]?.id === set.id ? null : slot;
    const scaled = set.scale > 0 ? [setPercent(set.id, 0, say("manual.scaleSet", { side: slot }))] : [];
    if (set.isPrimary && instead === null) return scaled;
    return [
      ...(set.isPrimary && instead ? promote(instead) : []),
      ...scaled,
      {
        purpose: say("manual.deleteSet", { side: slot }),
        argv: cli(
          ...["ecs", "delete-task-set", ...here, "--task-set", set.id],
          ...["--query", "taskSet.status", "--output", "text"],
        ),
      },
    ];
  }

  function makeRoom(slot: SlotColor, tasks: number): CliCommand[] {
    if (tasks <= serviceDesired) return [];
    serviceDesired = tasks;
    const other = current[otherColor(slot)];
    return [
      {
        purpose: say("manual.serviceRuns", { count: tasks }),
        argv: cli(
          ...["ecs", "update-service", ...here, "--desired-count", String(tasks)],
          ...["--query", "service.serviceArn", "--output", "text"],
        ),
      },
      ...(other && other.desired > 0
        ? [
            setPercent(
              other.id,
              percentFor(other.desired, tasks),
              say("manual.keepSide", { side: otherColor(slot), count: other.desired }),
            ),
          ]
        : []),
    ];
  }

  const older = (slot: SlotColor) =>
    service.sides[slot].older.map(({ id, status, scale }) => ({ id, isPrimary: status === "PRIMARY", scale }));

  return {
    promote,
    makeRoom,
    scale(slot: SlotColor, tasks: number): CliCommand[] {
      const set = current[slot];
      if (!set || (set.desired === tasks && (tasks > 0 || set.scale === 0))) return [];
      const room = makeRoom(slot, tasks);
      return [
        ...room,
        setPercent(set.id, percentFor(tasks, serviceDesired), say("manual.scaleSide", { side: slot, count: tasks })),
      ];
    },
    removeOlder: (slot: SlotColor): CliCommand[] => older(slot).flatMap((set) => remove(slot, set)),
    /** The side's new task set stands; those before it go. */
    replaceBy(slot: SlotColor, id: CliArgument, desired: number): CliCommand[] {
      const before = current[slot];
      current[slot] = { id, isPrimary: false, scale: percentFor(desired, serviceDesired), desired };
      return [...(before ? [before] : []), ...older(slot)].flatMap((set) => remove(slot, set));
    },
    removeAll(slot: SlotColor): CliCommand[] {
      const set = current[slot];
      return [...(set ? [set] : []), ...older(slot)].flatMap((each) => remove(slot, each));
    },
  };
}
