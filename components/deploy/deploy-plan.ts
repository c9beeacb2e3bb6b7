import type { Deployment } from "@/lib/domain/deployment/deployment.ts";
import type { ImageTag } from "@/lib/domain/observation/image-tag.ts";
import type { Rollout } from "@/lib/domain/observation/rollout.ts";
import type { SlotColor } from "@/lib/domain/observation/slot.ts";
import type { TaskDefinitionChange, TaskDefinitionSummary } from "@/lib/domain/observation/task-definition.ts";
import { shortName } from "@/lib/domain/text/short-name.ts";
import type { Blocker, Result } from "@/lib/domain/verb/blocker.ts";

/** Tags of the repository, newest first; `isCut` when it has more than were read. */
export interface ListedTags {
  tags: readonly ImageTag[];
  isCut: boolean;
}

/** What is to run: a tag of the repository, any image, or a task definition that exists. */
export type DeployChoice = { imageTag: string } | { image: string } | { taskDefinition: string };

/** What a deploy would register and start, without having done anything. */
export interface DeployPlan {
  slot: SlotColor;
  current: TaskDefinitionSummary | null;
  next: TaskDefinitionSummary;
  changes: TaskDefinitionChange[];
  blockers: Blocker[];
  /** What to know of the image, in whole sentences. */
  notices: readonly string[];
  /** How the application moves traffic unless the request says otherwise. */
  rollout: Rollout;
  /** Left out where the side's target group is named. */
  unused?: UnusedGroup;
}

/** A side's target group that nothing names, and what adding it at weight 0 would write. */
export interface UnusedGroup {
  side: SlotColor;
  targetGroupName: string;
  weights: { blue: number; green: number };
  /** Of the listeners and rules that a switch moves. */
  names: readonly string[];
}

/** The server actions that the page hands to the form. */
export interface DeployActions {
  plan(application: string, choice: DeployChoice): Promise<Result<DeployPlan>>;
  addGroup(input: { application: string; to: SlotColor; weights: UnusedGroup["weights"] }): Promise<Result<unknown>>;
  deploy(
    input: DeployChoice & { application: string; reason?: string; rollout?: Rollout; idempotencyKey?: string },
  ): Promise<Result<Deployment>>;
}

/** Reads what was typed into the field for anything else: a task definition's ARN or family:revision, or an image. */
export function parseOther(typed: string): DeployChoice | null {
  const text = typed.trim();
  if (text === "" || /\s/.test(text)) return null;
  if (/^arn:aws[\w-]*:ecs:[^:]*:\d{12}:task-definition\/[\w-]+:\d+$/.test(text)) return { taskDefinition: text };
  if (text.startsWith("arn:")) return null;
  return { image: text };
}

/** A blocker as the button below the plan says it: what to do about it, commands among it, stands in the plan already. */
export function besidePlan(blocker: Blocker, plan: Pick<DeployPlan, "blockers"> | null): Blocker {
  const isShown = plan?.blockers.some(({ code, message }) => code === blocker.code && message === blocker.message);
  if (!isShown) return blocker;
  const { fix: _fix, fixSaid: _fixSaid, ...rest } = blocker;
  return rest;
}

/** What was chosen, in words. */
export function choiceWords(choice: DeployChoice): string {
  if ("imageTag" in choice) return choice.imageTag;
  if ("image" in choice) return shortName(choice.image);
  return shortName(choice.taskDefinition);
}
