import type { Aws } from "../aws/aws.ts";
import type { Priority } from "../aws/budget.ts";
import { AwsFailure } from "../aws/errors.ts";
import { parseRepository } from "../domain/observation/image-repository.ts";
import type { Look } from "../domain/readiness/look.ts";
import type { ImageFact, ReadinessFacts } from "../domain/readiness/readiness-facts.ts";
import type { Subject } from "../domain/readiness/subject.ts";
import { say } from "../domain/sentence/sentence.ts";
import { lookAt, lookOn, notYet } from "./look-at.ts";

/** The repository's newest image with what it was built for, and the image that the task definition names. */
export async function gatherImages(
  aws: Aws,
  { repository }: Subject,
  image: string | null,
  priority: Priority,
): Promise<Pick<ReadinessFacts, "newestImage" | "platforms" | "runningImage" | "runningPlatforms">> {
  const [newestImage, runningImage] = await Promise.all([
    repository === null
      ? notYet<null>(say("finding.why.noRepository"))
      : lookAt(() => orNull(() => findNewest(aws, repository, priority))),
    image === null ? notYet<null>(say("finding.why.noDefinitionYet")) : lookAtImage(aws, image, priority),
  ]);
  const platforms = await lookOn(newestImage, (newest) => lookAtPlatforms(aws, repository, newest, priority));
  // The usual case, the newest image runs, is asked once.
  const runningPlatforms = await lookOn(runningImage, (running) => {
    const isNewest = newestImage.state === "seen" && newestImage.value?.digest === running?.digest;
    return isNewest ? Promise.resolve(platforms) : lookAtPlatforms(aws, repositoryOf(image ?? ""), running, priority);
  });
  return { newestImage, platforms, runningImage, runningPlatforms };
}

async function lookAtPlatforms(
  aws: Aws,
  repository: string | null,
  newest: ImageFact | null,
  priority: Priority,
): Promise<Look<readonly string[]>> {
  if (repository === null || newest === null) return notYet(say("finding.why.noImageYet"));
  const look = await lookAt(() => aws.ecr.findPlatforms(repository, newest.digest, priority));
  if (look.state !== "seen") return look;
  const why = say("check.platformNotRead");
  return look.value === null ? notYet(why) : { state: "seen", value: look.value };
}

/** Of an image's address, without its tag and digest. */
function repositoryOf(image: string): string {
  const [named = ""] = image.split("@");
  const colon = named.lastIndexOf(":");
  return colon > named.lastIndexOf("/") ? named.slice(0, colon) : named;
}

async function findNewest(aws: Aws, repository: string, priority: Priority): Promise<ImageFact | null> {
  const { tags } = await aws.ecr.listTags(repository, priority);
  const [newest] = tags;
  return newest ?? null;
}

async function lookAtImage(aws: Aws, image: string, priority: Priority): Promise<Look<ImageFact | null>> {
  const [named = "", digest] = image.split("@");
  const repository = repositoryOf(image);
  const tag = named.slice(repository.length + 1) || "latest";
  if (parseRepository(repository).kind !== "ecr")
    return { state: "not seen", why: say("finding.why.otherRegistry", { image }) };
  return lookAt(() =>
    orNull(async () => {
      if (digest === undefined) return aws.ecr.findTag(repository, tag, priority);
      const found = await aws.ecr.findDigest(repository, digest, priority);
      return found ? { tag: found.tags[0] ?? tag, digest, pushedAt: null } : null;
    }),
  );
}

/** Null where the repository or image does not exist. */
async function orNull<T>(ask: () => Promise<T | null>): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof AwsFailure && error.kind === "missing") return null;
    throw error;
  }
}
