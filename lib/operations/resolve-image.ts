import type { RevisionRequest } from "../controllers/controller.ts";
import type { Application } from "../domain/application/application.ts";
import { isOtherPlatform } from "../domain/observation/image-platform.ts";
import {
  type ImageRepository,
  locateRepository,
  parseConfiguredRepository,
  parseRepository,
} from "../domain/observation/image-repository.ts";
import { parseImage, pinnedImage } from "../domain/observation/image-tag.ts";
import { findMalformed } from "../domain/observation/malformed-image.ts";
import type { Observation } from "../domain/observation/observation.ts";
import { findRepositoryBlocker } from "../domain/rules/revision-rules.ts";
import { listSaid } from "../domain/sentence/list.ts";
import { type Sentence, say } from "../domain/sentence/sentence.ts";
import type { AsksAws } from "../request/context.ts";
import { type Refusal, refuse, refuseFor } from "../request/refusal.ts";

/** `notices`: what a person should know of the image beforehand, in whole sentences. */
export type Resolved =
  /** `digest`: of the image, where it is known and the request does not say it. */
  { ok: true; request: RevisionRequest; digest?: string; notices?: readonly Sentence[] } | Refusal<never>;
type Runtime = AsksAws;

const PRIORITY = "action";

/** The image as it is to be registered: of a repository that the application may run, a tag as its digest. */
export async function resolveImage(
  runtime: Runtime,
  application: Application,
  observation: Observation,
  image: string,
): Promise<Resolved> {
  const { repository, tag, digest } = parseImage(image);
  const foreign = findForeign(application, observation, repository);
  if (foreign) return foreign;
  const malformed = findMalformed(image);
  if (malformed) return refuse("INVALID_INPUT", malformed.said, malformed.fixSaid);
  return digest === null
    ? pinTag(runtime, application, parseRepository(repository), repository, tag ?? "latest")
    : checkImage(runtime, application, image);
}

function findForeign(application: Application, observation: Observation, repository: string): Refusal<never> | null {
  const blocker = findRepositoryBlocker(application, observation, repository);
  return blocker && refuseFor([blocker]);
}

/** The tag of the application's own repository, the same way. */
export async function resolveTag(runtime: Runtime, application: Application, tag: string): Promise<Resolved> {
  const { repository } = application;
  if (repository === null)
    return refuse(
      "INVALID_INPUT",
      say("refusal.tagWithoutRepository", { name: application.name, tag }),
      say("refusal.giveImage"),
    );
  const parsed = parseConfiguredRepository(repository, application);
  const isNamed = parsed.kind === "other" || locateRepository(repository)?.registryId !== undefined;
  const { ecr } = runtime.aws;
  return pinTag(
    runtime,
    application,
    parsed,
    isNamed ? repository : () => ecr.getRepositoryUri(repository, PRIORITY),
    tag,
  );
}

/** The image that the tag names now, pinned by its digest; by the tag alone where nobody can tell the digest. */
async function pinTag(
  { aws }: Runtime,
  application: Application,
  repository: ImageRepository,
  written: string | (() => Promise<string>),
  tag: string,
): Promise<Resolved> {
  const found = await aws.images.find(application, repository, { tag }, PRIORITY);
  if (found.state === "absent") return notFound(repositoryName(repository), `tag ${tag}`);
  const uri = typeof written === "string" ? written : await written();
  if (found.state === "found") return { ok: true, request: { image: pinnedImage(uri, tag, found.digest) } };
  const image = `${uri}:${tag}`;
  return { ok: true, request: { image }, notices: [say("refusal.digestUnknown", { image, why: found.why })] };
}

/** Whether tasks could pull the image, which is well formed, as it is named; what nobody can look at is said and not refused. */
export async function checkImage(runtime: Runtime, application: Application, image: string): Promise<Resolved> {
  const { repository, tag, digest } = parseImage(image);
  const wanted = tag ?? "latest";
  const reference = digest === null ? { tag: wanted } : { digest };
  const found = await runtime.aws.images.find(application, parseRepository(repository), reference, PRIORITY);
  const request = { image };
  if (found.state === "absent") return notFound(repository, digest === null ? `tag ${wanted}` : `image ${digest}`);
  if (found.state === "unknown") {
    const words =
      digest === null
        ? say("refusal.digestUnknown", { image, why: found.why })
        : say("refusal.imageUnknown", { image, why: found.why });
    return { ok: true, request, notices: [words] };
  }
  if (digest === null) return { ok: true, request, digest: found.digest };
  if (tag === null) return { ok: true, request };
  return (await findWrongTag(runtime, application, repository, tag, digest, found.tags)) ?? { ok: true, request };
}

/** A tag beside another image's digest shows one version and runs another. */
async function findWrongTag(
  { aws }: Runtime,
  application: Application,
  repository: string,
  tag: string,
  digest: string,
  tags: readonly string[] | null,
): Promise<Refusal<never> | null> {
  const named =
    tags === null ? await aws.images.find(application, parseRepository(repository), { tag }, PRIORITY) : null;
  if (tags === null ? named?.state !== "found" || named.digest === digest : tags.includes(tag)) return null;
  return refuse("IMAGE_NOT_FOUND", wrongTagSaid({ repository, tag, digest }, tags), say("refusal.tagOrDigest"));
}

function wrongTagSaid(
  image: { repository: string; tag: string; digest: string },
  tags: readonly string[] | null,
): Sentence {
  if (tags === null) return say("refusal.wrongTag", image);
  if (tags.length === 0) return say("refusal.digestHasNoTag", image);
  return say("refusal.digestHasTags", { ...image, tags: tags.slice(0, 10).join(", ") });
}

/** A task never starts from an image that was built for another platform. */
export async function findPlatformMisfit(
  { aws }: Runtime,
  image: string,
  wanted: string | null,
): Promise<Refusal<never> | null> {
  const { repository, digest } = parseImage(image);
  if (wanted === null || digest === null) return null;
  const platforms = await aws.images.findPlatforms(parseRepository(repository), digest, PRIORITY);
  if (!isOtherPlatform(platforms, wanted)) return null;
  return refuse(
    "IMAGE_PLATFORM",
    say("refusal.platform", { image, platforms: listSaid(platforms, "and"), wanted }),
    say("refusal.buildFor", { wanted, command: `docker buildx build --platform ${wanted}` }),
  );
}

/** Whether the application may run images of this one's repository. */
export function isOwnImage(application: Application, observation: Observation, image: string): boolean {
  return findRepositoryBlocker(application, observation, parseImage(image).repository) === null;
}

function repositoryName(repository: ImageRepository): string {
  return repository.kind === "ecr" ? repository.name : repository.uri;
}

function notFound(repository: string, what: string): Refusal<never> {
  return refuse("IMAGE_NOT_FOUND", say("refusal.repositoryHasNo", { repository, what }), say("refusal.pushImage"));
}
