import type { ImageFinding } from "../domain/observation/image-finding.ts";
import { type EcrRepository, type ImageRepository, parseRepository } from "../domain/observation/image-repository.ts";
import { say } from "../domain/sentence/sentence.ts";
import type { Priority } from "./budget.ts";
import type { Ecr } from "./ecr.ts";
import { AwsFailure } from "./errors.ts";
import type { OciRegistry } from "./oci-registry.ts";

/** Images wherever they are: in ECR of any account and Region, behind a pull-through cache, or in a public registry. */
export interface Images {
  /**
   * The image behind a tag or digest. @throws AwsFailure where ECR does not answer, or denies the own account its own registry
   */
  find(
    own: { accountId: string },
    repository: ImageRepository,
    reference: { tag: string } | { digest: string },
    priority: Priority,
  ): Promise<ImageFinding>;
  /**
   * What the image with this digest was built for, "linux/amd64"; null where nobody can tell. In ECR that needs two more
   * permissions and a path to where it keeps its layers, and counts as a pull; each image is read once a process.
   */
  findPlatforms(repository: ImageRepository, digest: string, priority: Priority): Promise<string[] | null>;
}

/** Images through ECR and the distribution API. */
export function createImages(ecr: Ecr, oci: OciRegistry): Images {
  async function findInEcr(
    repository: EcrRepository,
    reference: { tag: string } | { digest: string },
    priority: Priority,
  ): Promise<ImageFinding> {
    const found =
      "tag" in reference
        ? await ecr.findTag(repository, reference.tag, priority).then((tag) => tag && { ...tag, tags: [tag.tag] })
        : await ecr
            .findDigest(repository, reference.digest, priority)
            .then((image) => image && { digest: reference.digest, tags: image.tags });
    if (!found) return { state: "absent" };
    return { state: "found", digest: found.digest, tags: found.tags };
  }

  async function findUpstream(
    repository: EcrRepository,
    reference: { tag: string } | { digest: string },
    priority: Priority,
  ): Promise<ImageFinding> {
    // Without the permission to read the rules nobody can say that there is one.
    const upstream = await ecr.findUpstream(repository, priority).catch(() => null);
    if (upstream === null) return { state: "absent" };
    if (parseRepository(upstream).kind === "ecr")
      return { state: "unknown", why: say("refusal.why.upstream", { upstream }) };
    const found = await oci.find(upstream, reference);
    if (found.state !== "unknown") return found;
    return { state: "unknown", why: say("refusal.why.upstreamAnd", { upstream, why: found.why }) };
  }

  return {
    async find(own, repository, reference, priority) {
      if (repository.kind === "other") return oci.find(repository.uri, reference);
      try {
        const found = await findInEcr(repository, reference, priority);
        return found.state === "absent" ? await findUpstream(repository, reference, priority) : found;
      } catch (error) {
        if (!(error instanceof AwsFailure)) throw error;
        if (error.code.startsWith("RepositoryNotFound")) return findUpstream(repository, reference, priority);
        if (error.kind === "denied" && repository.accountId !== own.accountId)
          return { state: "unknown", why: say("refusal.why.account", { account: repository.accountId }) };
        throw error;
      }
    },

    async findPlatforms(repository, digest, priority) {
      if (repository.kind === "other") return oci.findPlatforms(repository.uri, digest);
      return ecr.findPlatforms(repository, digest, priority).catch(() => null);
    },
  };
}
