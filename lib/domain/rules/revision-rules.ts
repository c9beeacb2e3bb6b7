import type { Application } from "../application/application.ts";
import {
  type ImageRepository,
  isSameRepository,
  parseConfiguredRepository,
  parseRepository,
} from "../observation/image-repository.ts";
import { parseImage } from "../observation/image-tag.ts";
import type { Observation } from "../observation/observation.ts";
import { SLOT_COLORS } from "../observation/slot.ts";
import { say } from "../sentence/sentence.ts";
import { shortName } from "../text/short-name.ts";
import type { Blocker } from "../verb/blocker.ts";
import { blocker } from "../verb/say-blocker.ts";

/*
 * What may run on an application's sides. Whoever may deploy one application must not get at another's task definitions, with
 * their roles and secrets, nor run images that nobody meant for it.
 */

/** What of an application decides it. */
export type RevisionBounds = Pick<
  Application,
  "name" | "accountId" | "region" | "repository" | "imageRepositories" | "taskDefinitionFamilies"
>;

/** A task definition as a request names it; no revision means the newest that is active. */
export interface TaskDefinitionName {
  family: string;
  revision: number | null;
}

const ARN = /^arn:[\w-]+:ecs:(?<region>[\w-]+):(?<accountId>\d{12}):task-definition\/(?<name>[^/]+)$/;
const NAME = /^([\w-]{1,255})(?::([1-9]\d{0,8}))?$/;

/** Reads "family", "family:revision" or an ARN of the application's own account and Region. */
export function parseTaskDefinition(
  reference: string,
  { accountId, region, name }: RevisionBounds,
): { ok: true; value: TaskDefinitionName } | ({ ok: false } & Blocker) {
  const arn = ARN.exec(reference)?.groups;
  if (arn && (arn.region !== region || arn.accountId !== accountId))
    return {
      ok: false,
      ...blocker(
        "REVISION_NOT_ALLOWED",
        say("blocker.definitionElsewhere", {
          ...{ reference, account: arn.accountId ?? "", region: arn.region ?? "" },
          ...{ name, ownAccount: accountId, ownRegion: region },
        }),
        say("blocker.registerInOwn"),
      ),
    };
  const parts = NAME.exec(arn?.name ?? reference);
  const family = parts?.[1];
  if (!family)
    return {
      ok: false,
      ...blocker(
        "INVALID_INPUT",
        say("blocker.taskDefinitionIs", { reference: JSON.stringify(reference) }),
        say("blocker.giveTaskDefinition"),
      ),
    };
  return { ok: true, value: { family, revision: parts?.[2] === undefined ? null : Number(parts[2]) } };
}

/** Families that the application may run: those of its sides, and those listed for it. */
function allowedFamilies(
  { taskDefinitionFamilies = [] }: Pick<RevisionBounds, "taskDefinitionFamilies">,
  observation: Pick<Observation, "slots">,
): string[] {
  const own = SLOT_COLORS.flatMap((color) => {
    const arn = observation.slots[color].revision?.taskDefinition;
    return arn ? [familyOf(arn)] : [];
  });
  return [...new Set([...own, ...taskDefinitionFamilies])];
}

/** Why the application may not run a task definition of this family; null when it may. Says nothing of whether there is one. */
export function findFamilyBlocker(
  bounds: RevisionBounds,
  observation: Pick<Observation, "slots">,
  family: string,
): Blocker | null {
  const allowed = allowedFamilies(bounds, observation);
  if (allowed.includes(family)) return null;
  const { name } = bounds;
  const said =
    allowed.length > 0
      ? say("blocker.familyNotRun", { name, family, families: allowed.join(", ") })
      : say("blocker.familyNoneRun", { name, family });
  return blocker("REVISION_NOT_ALLOWED", said, say("blocker.listFamily", { family, name }));
}

/**
 * Repositories whose images the application may run: its own and those listed for it. Where none is configured, those that its
 * sides run now.
 */
function allowedRepositories(bounds: RevisionBounds, observation: Pick<Observation, "slots">): ImageRepository[] {
  const listed = [...(bounds.repository === null ? [] : [bounds.repository]), ...(bounds.imageRepositories ?? [])];
  if (listed.length > 0) return listed.map((one) => parseConfiguredRepository(one, bounds));
  return SLOT_COLORS.flatMap((color) => {
    const image = observation.slots[color].revision?.image;
    return image ? [parseRepository(parseImage(image).repository)] : [];
  });
}

/** Why the application may not run images of this repository, given as images name it; null when it may. */
export function findRepositoryBlocker(
  bounds: RevisionBounds,
  observation: Pick<Observation, "slots">,
  repository: string,
): Blocker | null {
  const wanted = parseRepository(repository);
  const allowed = allowedRepositories(bounds, observation);
  if (allowed.some((one) => isSameRepository(one, wanted))) return null;
  const { name } = bounds;
  const said =
    allowed.length > 0
      ? say("blocker.noRepositoryOf", { repository, name, repositories: allowed.map(repositoryWords).join(", ") })
      : say("blocker.noRepository", { repository, name });
  return blocker("REVISION_NOT_ALLOWED", said, say("blocker.listRepository", { name }));
}

/** The family inside a task definition's ARN or name. */
function familyOf(taskDefinition: string): string {
  return shortName(taskDefinition).replace(/:\d+$/, "");
}

function repositoryWords(repository: ImageRepository): string {
  if (repository.kind === "other") return repository.uri;
  return `${repository.name} (account ${repository.accountId}, ${repository.region})`;
}
