import {
  DescribeImagesCommand,
  DescribeRepositoriesCommand,
  type ECRClient,
  type ImageDetail,
  type ImageIdentifier,
} from "@aws-sdk/client-ecr";
import { parseRepository } from "../domain/observation/image-repository.ts";
import { type ImageTag, newestFirst } from "../domain/observation/image-tag.ts";
import type { Priority } from "./budget.ts";
import type { Caller } from "./caller.ts";
import { AwsFailure, missingFailure } from "./errors.ts";

/** ECR in our words. A repository is given by its name, or as images name it: then in its own account, in this Region. */
export interface Ecr {
  /** Every tag of the newest images, newest push first. */
  listTags(repository: string, priority: Priority): Promise<ImageTag[]>;
  /** The tag as it stands now; null when the repository has no such tag. */
  findTag(repository: string, tag: string, priority: Priority): Promise<ImageTag | null>;
  /** The image with this digest, with the tags it has now; null when the repository has no such image. */
  findDigest(repository: string, digest: string, priority: Priority): Promise<{ tags: string[] } | null>;
  /** The repository's address as images name it: "123456789012.dkr.ecr.….amazonaws.com/library". */
  getRepositoryUri(repository: string, priority: Priority): Promise<string>;
}

/** 1000 images a page; a repository with more than this many pages should have a lifecycle policy. */
const MAX_PAGES = 10;

/** ECR through the SDK's client. */
export function createEcr(client: ECRClient, call: Caller): Ecr {
  const uris = new Map<string, string>();
  const read = <T>(operation: string, priority: Priority, send: (signal: AbortSignal) => Promise<T>) =>
    call({ service: "ecr", operation, family: "ecr-read", priority, effect: "read" }, send);

  async function findImage(
    repository: string,
    imageId: ImageIdentifier,
    priority: Priority,
  ): Promise<ImageDetail | null> {
    try {
      const output = await read("DescribeImages", priority, (abortSignal) =>
        client.send(new DescribeImagesCommand({ ...located(repository), imageIds: [imageId] }), { abortSignal }),
      );
      return output.imageDetails?.[0] ?? null;
    } catch (error) {
      if (error instanceof AwsFailure && error.code.startsWith("ImageNotFound")) return null;
      throw error;
    }
  }

  return {
    async listTags(repository, priority) {
      const tags: ImageTag[] = [];
      let nextToken: string | undefined;
      for (let page = 0; page < MAX_PAGES; page += 1) {
        const output = await read("DescribeImages", priority, (abortSignal) =>
          client.send(
            new DescribeImagesCommand({
              ...located(repository),
              filter: { tagStatus: "TAGGED" },
              maxResults: 1000,
              nextToken,
            }),
            { abortSignal },
          ),
        );
        for (const image of output.imageDetails ?? [])
          for (const tag of image.imageTags ?? []) tags.push(toImageTag(image, tag));
        nextToken = output.nextToken;
        if (!nextToken) break;
      }
      return newestFirst(tags);
    },

    async findTag(repository, tag, priority) {
      const image = await findImage(repository, { imageTag: tag }, priority);
      return image?.imageDigest ? toImageTag(image, tag) : null;
    },

    async findDigest(repository, digest, priority) {
      const image = await findImage(repository, { imageDigest: digest }, priority);
      return image ? { tags: image.imageTags ?? [] } : null;
    },

    async getRepositoryUri(repository, priority) {
      const { registryId, repositoryName } = located(repository);
      const known = uris.get(repository);
      if (known) return known;
      const output = await read("DescribeRepositories", priority, (abortSignal) =>
        client.send(new DescribeRepositoriesCommand({ registryId, repositoryNames: [repositoryName] }), {
          abortSignal,
        }),
      );
      const uri = output.repositories?.[0]?.repositoryUri;
      if (!uri)
        throw missingFailure(
          "ecr",
          "DescribeRepositories",
          "RepositoryNotFound",
          `There is no repository ${repositoryName}`,
        );
      uris.set(repository, uri);
      return uri;
    },
  };
}

/** What of a repository AWS is asked by. The own registry needs no id. */
function located(repository: string): { registryId?: string; repositoryName: string } {
  const slash = repository.indexOf("/");
  // Only a host has a dot or a port before the first slash.
  if (slash <= 0 || !/[.:]/.test(repository.slice(0, slash))) return { repositoryName: repository };
  const parsed = parseRepository(repository);
  return parsed.kind === "ecr"
    ? { registryId: parsed.accountId, repositoryName: parsed.name }
    : { repositoryName: repository.slice(slash + 1) };
}

function toImageTag(image: ImageDetail, tag: string): ImageTag {
  return {
    tag,
    digest: image.imageDigest ?? "",
    pushedAt: image.imagePushedAt?.getTime() ?? null,
    sizeBytes: image.imageSizeInBytes ?? null,
  };
}
