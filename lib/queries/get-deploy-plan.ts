import { z } from "zod";
import { findDeployBlockers } from "../domain/action-rules.ts";
import type { Blocker, Result } from "../domain/blocker.ts";
import type { Rollout } from "../domain/rollout.ts";
import { otherColor, type SlotColor } from "../domain/slot.ts";
import type { TaskDefinitionChange, TaskDefinitionSummary } from "../domain/task-definition.ts";
import type { Context } from "../operations/context.ts";
import { describeIssues } from "../operations/input.ts";
import { loadFacts } from "../operations/load-facts.ts";
import { refuse } from "../operations/refusal.ts";
import { resolveRevision, revisionFields, revisionIsOne } from "../operations/resolve-revision.ts";
import { ask } from "./ask.ts";

/** What a deploy would do, before anything is registered. */
export interface DeployPlan {
  /** The side that would be updated. */
  slot: SlotColor;
  current: TaskDefinitionSummary | null;
  next: TaskDefinitionSummary;
  changes: TaskDefinitionChange[];
  blockers: Blocker[];
  /** As configured. */
  rollout: Rollout;
}

const schema = z.object(revisionFields).refine(...revisionIsOne);

/** The diff that a deploy of this revision would make to the side that is not live. */
export function getDeployPlan(ctx: Context, name: string, request: unknown): Promise<Result<DeployPlan>> {
  return ask(ctx, name, async () => {
    const parsed = schema.safeParse(request);
    if (!parsed.success) return refuse("INVALID_INPUT", ...describeIssues(parsed.error, request));
    const loaded = await loadFacts(ctx.runtime, name);
    if (!loaded.ok) return loaded;
    const { application, observation } = loaded;
    const resolved = await resolveRevision(ctx.runtime, application, parsed.data);
    if (!resolved.ok) return resolved;
    const controller = ctx.runtime.controllers[application.controller];
    if (!controller) return refuse("INVALID_INPUT", `${application.controller} cannot deploy yet`);
    const slot = otherColor(observation.traffic.live === "green" ? "green" : "blue");
    const plan = await controller.planRevision(application, slot, resolved.request);
    return {
      ok: true,
      value: { slot, ...plan, blockers: findDeployBlockers(loaded.facts), rollout: application.rollout },
    };
  });
}
