import type { Rollout } from "../domain/observation/rollout.ts";
import { otherColor, type SlotColor } from "../domain/observation/slot.ts";
import type { TaskDefinitionChange, TaskDefinitionSummary } from "../domain/observation/task-definition.ts";
import { findDeployBlockers } from "../domain/rules/action-rules.ts";
import { say } from "../domain/sentence/sentence.ts";
import { toldIn } from "../domain/sentence/told.ts";
import { besidesSaid } from "../domain/snapshot/receipt-warnings.ts";
import type { Blocker, Result } from "../domain/verb/blocker.ts";
import { findRoleFault } from "../operations/find-role-fault.ts";
import { findUnusedGroup, type UnusedGroup } from "../operations/find-unused-group.ts";
import { resolveRevision, revisionFields, revisionIsOne } from "../operations/resolve-revision.ts";
import { ASKS_AWS, ask } from "../request/ask.ts";
import type { Context } from "../request/context.ts";
import { describeIssues, membersOnly } from "../request/input.ts";
import { loadFacts } from "../request/load-facts.ts";
import { refuse } from "../request/refusal.ts";

/** What a deploy would do, before anything is registered. */
export interface DeployPlan {
  /** The side that would be updated. */
  slot: SlotColor;
  current: TaskDefinitionSummary | null;
  next: TaskDefinitionSummary;
  changes: TaskDefinitionChange[];
  blockers: Blocker[];
  /** What a person should know of the image, in whole sentences: a digest that nobody could read, for one. */
  notices: readonly string[];
  /** As configured. */
  rollout: Rollout;
  /** That nothing names the side's target group, and what adding it at weight 0 would write; left out where it is named. */
  unused?: Omit<UnusedGroup, "blocker">;
}

function offered({ side, targetGroupName, weights, names }: UnusedGroup): Omit<UnusedGroup, "blocker"> {
  return { side, targetGroupName, weights, names };
}

const schema = membersOnly(revisionFields).refine(...revisionIsOne);

/**
 * The diff that a deploy of this revision would make to the side that is not live. For whoever may deploy: it names roles and
 * secrets.
 */
export function getDeployPlan(ctx: Context, name: string, request: unknown): Promise<Result<DeployPlan>> {
  return ask(
    ctx,
    name,
    async () => {
      const parsed = schema.safeParse(request);
      if (!parsed.success) return refuse("INVALID_INPUT", ...describeIssues(parsed.error, request));
      const loaded = await loadFacts(ctx.runtime, name);
      if (!loaded.ok) return loaded;
      const { application, observation } = loaded;
      const here = { controllers: ctx.runtime.controllers, aws: ctx.runtime.awsFor(application) };
      const resolved = await resolveRevision(here, application, observation, parsed.data);
      if (!resolved.ok) return resolved;
      const controller = ctx.runtime.controllers[application.controller];
      if (!controller)
        return refuse("INVALID_INPUT", say("refusal.cannotDeploy", { controller: application.controller }));
      const slot = otherColor(observation.traffic.live === "green" ? "green" : "blue");
      const [unused, role] = await Promise.all([
        findUnusedGroup(here, application, observation),
        findRoleFault(here, application),
      ]);
      const plan = await controller.planRevision(application, slot, resolved.request);
      return {
        ok: true,
        value: {
          slot,
          ...plan,
          blockers: [
            ...findDeployBlockers(loaded.facts),
            ...[unused?.blocker, role.blocker].filter((one) => one != null),
          ],
          notices: [...(resolved.notices ?? []), ...besidesSaid(observation.slots), ...role.notices].map((notice) =>
            toldIn(notice, ctx.language ?? "en"),
          ),
          rollout: application.rollout,
          ...(unused ? { unused: offered(unused) } : {}),
        },
      };
    },
    { permission: "deploy", cost: ASKS_AWS },
  );
}
