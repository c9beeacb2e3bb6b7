import type { Aws } from "../aws/aws.ts";
import type { Priority } from "../aws/budget.ts";
import { AwsFailure } from "../aws/errors.ts";
import type { Application } from "../domain/application/application.ts";
import { parseRepository } from "../domain/observation/image-repository.ts";
import { parseImage } from "../domain/observation/image-tag.ts";
import type { RanRevision, RevisionState } from "../domain/observation/revision-state.ts";
import { SLOT_COLORS } from "../domain/observation/slot.ts";
import type { Facts, GatherOptions } from "./facts.ts";
import { networksOf, readNeeds, readNetworkNeeds, type SideNetworks } from "./gather-needs.ts";
import { readSide } from "./side-reading.ts";

/**
 * Reads whether tasks could still be started from what the sides of these applications run and from what a rollback would bring
 * back. What AWS does not answer stays as it was known.
 */
export async function gatherRevisions(
  aws: Aws,
  applications: readonly Application[],
  facts: Facts,
  { priority, now }: GatherOptions,
): Promise<void> {
  const shared = { ...aws, roles: askedOnce(aws.roles), networks: networksAskedOnce(aws.networks) };
  await Promise.all(
    applications.flatMap((application) =>
      [...revisionsOf(application, facts)].map(async (taskDefinition) => {
        const sentAt = now();
        const back = facts.wayBack.get(application.name);
        const ran = back?.taskDefinition === taskDefinition ? back : { taskDefinition };
        const state = await readRevisionState(shared, application, ran, {
          ...{ priority, now: sentAt, networks: networksOf(application, facts) },
        }).catch((error) => {
          if (!(error instanceof AwsFailure)) throw error;
          return null;
        });
        if (state) recordRevision(facts, taskDefinition, state);
      }),
    ),
  );
}

/** Many task definitions name the same roles. */
function askedOnce(roles: Aws["roles"]): Aws["roles"] {
  const asked = new Map<string, ReturnType<Aws["roles"]["findRole"]>>();
  return {
    ...roles,
    findRole(name, priority) {
      const answer = asked.get(name) ?? roles.findRole(name, priority);
      asked.set(name, answer);
      return answer;
    },
  };
}

/** And many services run in the same subnets. */
function networksAskedOnce(networks: Aws["networks"]): Aws["networks"] {
  const once = (find: Aws["networks"]["missingSubnets"]): typeof find => {
    const asked = new Map<string, ReturnType<typeof find>>();
    return (ids, priority) => {
      const key = ids.join();
      const answer = asked.get(key) ?? find(ids, priority);
      asked.set(key, answer);
      return answer;
    };
  };
  return {
    ...networks,
    missingSubnets: once(networks.missingSubnets),
    missingSecurityGroups: once(networks.missingSecurityGroups),
  };
}

/** Calls of ECS's bucket for task definitions that one round costs. */
export function revisionCallsOf(applications: readonly Application[]): number {
  return applications.length * 3;
}

/** Keeps the newest state of a revision, with the time since which it holds. */
export function recordRevision(facts: Pick<Facts, "revisions">, taskDefinition: string, state: RevisionState): void {
  const known = facts.revisions.find(taskDefinition)?.value;
  const isSame =
    known?.definition === state.definition && known.image === state.image && isEqual(known.gone, state.gone);
  facts.revisions.record(taskDefinition, isSame ? { ...state, since: known.since } : state, state.checkedAt);
}

function isEqual(one: RevisionState["gone"], other: RevisionState["gone"]): boolean {
  return JSON.stringify(one ?? []) === JSON.stringify(other ?? []);
}

/** Task definitions that matter to an application: its sides' own, and the one that a rollback would bring back. */
export function revisionsOf(application: Application, facts: Facts): Set<string> {
  const own = SLOT_COLORS.map((color) => readSide(application, color, facts)?.taskDefinition ?? "");
  const back = facts.wayBack.get(application.name)?.taskDefinition ?? "";
  return new Set([...own, back].filter((arn) => arn !== ""));
}

/**
 * Asks ECS for the task definition's status and ECR for every image of it that this Region's registry knows; where a tag is gone,
 * for what ran by it. @throws AwsFailure
 */
export async function readRevisionState(
  aws: Pick<Aws, "definitions" | "images" | "roles" | "parameters" | "managedSecrets" | "networks">,
  application: Pick<Application, "accountId" | "region">,
  ran: { taskDefinition: string } & Partial<RanRevision>,
  { priority, now, networks }: { priority: Priority; now: number; networks: SideNetworks },
): Promise<RevisionState> {
  const found = await aws.definitions.inspect(ran.taskDefinition, priority);
  const at = { checkedAt: now, since: now };
  if (!found) return { definition: "MISSING", image: "unknown", ...at };
  const needed = Promise.all([
    readNeeds(aws, application, found.needs, priority),
    readNetworkNeeds(aws, networks, priority),
  ]);
  const images = await Promise.all(
    [...new Set(found.summary.containers.map(({ image }) => image))].map(async (image) => ({
      image,
      ...(await readImage(aws, application, image, (image === ran.image && ran.digest) || null, priority)),
    })),
  );
  const worst = (["deleted", "untagged", "unknown"] as const).find((each) =>
    images.some(({ state }) => state === each),
  );
  const digests = Object.fromEntries(images.flatMap(({ image, digest }) => (digest ? [[image, digest] as const] : [])));
  const lostTags = images.filter(({ isTagLost }) => isTagLost).map(({ image }) => image);
  const lost = lostTags.length > 0 ? { lostTags } : {};
  const all = await needed;
  const needs = { gone: all.flatMap(({ gone }) => gone), unseen: all.flatMap(({ unseen }) => unseen) };
  return { definition: found.status, image: worst ?? "there", digests, ...lost, ...needs, ...at };
}

async function readImage(
  aws: Pick<Aws, "images">,
  application: Pick<Application, "accountId" | "region">,
  image: string,
  ranDigest: string | null,
  priority: Priority,
): Promise<{ state: RevisionState["image"]; digest?: string; isTagLost?: true }> {
  const { repository, tag, digest } = parseImage(image);
  const parsed = parseRepository(repository);
  if (parsed.kind !== "ecr") return { state: "unknown" };
  try {
    const reference = digest === null ? { tag: tag ?? "latest" } : { digest };
    const found = await aws.images.find(application, parsed, reference, priority);
    if (found.state === "absent" && digest === null && ranDigest !== null) {
      const ran = await aws.images.find(application, parsed, { digest: ranDigest }, priority);
      if (ran.state === "found") return { state: ran.tags?.length === 0 ? "untagged" : "there", isTagLost: true };
    }
    if (found.state !== "found") return { state: found.state === "absent" ? "deleted" : "unknown" };
    return {
      state: found.tags?.length === 0 ? "untagged" : "there",
      ...(digest === null ? { digest: found.digest } : {}),
    };
  } catch (error) {
    // A missing permission says nothing of the image.
    if (error instanceof AwsFailure && error.kind === "denied") return { state: "unknown" };
    throw error;
  }
}
