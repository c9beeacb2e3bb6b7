import { AwsFailure } from "../aws/errors.ts";
import { type Application, productionRefs } from "../domain/application/application.ts";
import { isDrivenByAws } from "../domain/application/capabilities.ts";
import { type CliCommand, renderCommand } from "../domain/manual/cli-command.ts";
import type { Observation } from "../domain/observation/observation.ts";
import { otherColor, type SlotColor } from "../domain/observation/slot.ts";
import type { Weights } from "../domain/observation/traffic.ts";
import { say } from "../domain/sentence/sentence.ts";
import type { Blocker } from "../domain/verb/blocker.ts";
import { blocker } from "../domain/verb/say-blocker.ts";
import type { AsksAws, OperationRuntime } from "../request/context.ts";

/** A side's group that nothing names, and what adding it at weight 0 rests on. */
export interface UnusedGroup {
  blocker: Blocker;
  side: SlotColor;
  targetGroupName: string;
  /** As they are, which adding it leaves. */
  weights: Weights;
  /** Of the listeners and rules that a switch moves. */
  names: string[];
}

/**
 * Why no release to the idle side could ever get healthy: neither a rule nor a default action names its target group, and then
 * the load balancer never checks its targets. By a look of now; the fix is the command that puts it there with weight 0.
 */
export async function findUnusedGroup(
  runtime: AsksAws & Pick<OperationRuntime, "controllers">,
  application: Application,
  { traffic }: Pick<Observation, "traffic">,
): Promise<UnusedGroup | null> {
  const { live } = traffic;
  if (isDrivenByAws(application.controller) || (live !== "blue" && live !== "green")) return null;
  const to = otherColor(live);
  const { targetGroupArn, targetGroupName } = application.slots[to];
  const group = (await runtime.aws.elb.describeGroups([targetGroupArn], "action")).get(targetGroupArn);
  if (group instanceof AwsFailure) throw group;
  if (!group || group.loadBalancerArns.length > 0) return null;
  // The weights that are there, so that nothing reads as changed by somebody else.
  const move = { type: "shift", to: live, weights: traffic.weights } as const;
  const commands = (await runtime.controllers[application.controller]?.manualCommands(application, [move])) ?? [];
  const writes = commands.filter(isWrite).map((command) => renderCommand(command).replaceAll(/\s*\\?\n\s*/g, " "));
  const why = blocker(
    "STANDBY_NOT_HEALTHY",
    say("blocker.groupUnused", { group: targetGroupName, to }),
    say("blocker.putGroupThere", { commands: writes.join(" && ") }),
  );
  const { blue, green } = traffic.weights;
  return { blocker: why, side: to, targetGroupName, weights: { blue, green }, names: productionNames(application) };
}

function productionNames(application: Application): string[] {
  return productionRefs(application).map(({ name }) => name);
}

function isWrite({ argv }: CliCommand): boolean {
  return argv.some((word) => word === "modify-listener" || word === "modify-rule");
}
