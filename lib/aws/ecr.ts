import {
  DescribeImagesCommand,
  DescribeRepositoriesCommand,
  type ECRClient,
  type ImageDetail,
} from "@aws-sdk/client-ecr";
import { type ImageTag, newestFirst } from "../domain/observation/image-tag.ts";
import type { Priority } from "./budget.ts";
import type { Caller } from "./caller.ts";
import { AwsFailure, missingFailure } from "./errors.ts";

/** ECR in our words. A repository is given by its name; a full image path is understood as well. */
export interface Ecr {
  /** Every tag of the newest images, newest push first. */
  listTags(repository: string, priority: Priority): Promise<ImageTag[]>;
  /** The tag as it stands now; null when the repository has no such tag. */
  findTag(repository: string, tag: string, priority: Priority): Promise<ImageTag | null>;
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

  return {
    async listTags(repository, priority) {
      const tags: ImageTag[] = [];
      let nextToken: string | undefined;
      for (let page = 0; page < MAX_PAGES; page += 1) {
        const output = await read("DescribeImages", priority, (abortSignal) =>
          client.send(
            new DescribeImagesCommand({
              repositoryName: repositoryName(repository),
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
      try {
        const output = await read("DescribeImages", priority, (abortSignal) =>
          client.send(
            new DescribeImagesCommand({
              repositoryName: repositoryName(repository),
              imageIds: [{ imageTag: tag }],
            }),
            { abortSignal },
          ),
        );
        const image = output.imageDetails?.[0];
        return image?.imageDigest ? toImageTag(image, tag) : null;
      } catch (error) {
        if (error instanceof AwsFailure && error.code.startsWith("ImageNotFound")) return null;
        throw error;
      }
    },

    async getRepositoryUri(repository, priority) {
      const name = repositoryName(repository);
      const known = uris.get(name);
      if (known) return known;
      const output = await read("DescribeRepositories", priority, (abortSignal) =>
        client.send(new DescribeRepositoriesCommand({ repositoryNames: [name] }), { abortSignal }),
      );
      const uri = output.repositories?.[0]?.repositoryUri;
      if (!uri)
        throw missingFailure("ecr", "DescribeRepositories", "RepositoryNotFound", `There is no repository ${name}`);
      uris.set(name, uri);
      return uri;
    },
  };
}

/** "host/team/library" and "team/library" name the same repository; only a host has a dot or a port before the first slash. */
function repositoryName(repository: string): string {
  const slash = repository.indexOf("/");
  return slash > 0 && /[.:]/.test(repository.slice(0, slash)) ? repository.slice(slash + 1) : repository;
}

function toImageTag(image: ImageDetail, tag: string): ImageTag {
  return {
    tag,
    digest: image.imageDigest ?? "",
    pushedAt: image.imagePushedAt?.getTime() ?? null,
    sizeBytes: image.imageSizeInBytes ?? null,
  };
}
