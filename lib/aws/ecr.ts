import {
  BatchGetImageCommand,
  DescribeImagesCommand,
  DescribePullThroughCacheRulesCommand,
  DescribeRepositoriesCommand,
  type ECRClient,
  GetDownloadUrlForLayerCommand,
  type ImageDetail,
  type ImageIdentifier,
} from "@aws-sdk/client-ecr";
import { type EcrRepository, locateRepository } from "../domain/observation/image-repository.ts";
import { type ImageTag, newestFirst } from "../domain/observation/image-tag.ts";
import { say } from "../domain/sentence/sentence.ts";
import type { Priority } from "./budget.ts";
import type { Caller } from "./caller.ts";
import { AwsFailure, missingFailure } from "./errors.ts";
import { MANIFEST_TYPES, readConfigPlatform, readManifest } from "./image-manifest.ts";
import { readBounded } from "./read-bounded.ts";

/** By its name, then it is in the own registry, or as images name it, then its host says whose registry and which Region is asked. */
type RepositoryReference = EcrRepository | string;

/** ECR in our words. @throws AwsFailure "RepositoryNotInEcr" for a repository of another registry */
export interface Ecr {
  /** Every tag of the repository, newest push first; `isCut` when it has more images than are read, whose order AWS does not say. */
  listTags(repository: RepositoryReference, priority: Priority): Promise<{ tags: ImageTag[]; isCut: boolean }>;
  /** The tag as it stands now; null when the repository has no such tag. */
  findTag(repository: RepositoryReference, tag: string, priority: Priority): Promise<ImageTag | null>;
  /** The image with this digest, with the tags it has now; null when the repository has no such image. */
  findDigest(repository: RepositoryReference, digest: string, priority: Priority): Promise<{ tags: string[] } | null>;
  /** What the image with this digest was built for, "linux/amd64"; null where nothing says so. */
  findPlatforms(repository: RepositoryReference, digest: string, priority: Priority): Promise<string[] | null>;
  /** Where the own registry fetches this repository from at the first pull, "ghcr.io/team/library"; null when it does not. */
  findUpstream(repository: RepositoryReference, priority: Priority): Promise<string | null>;
  /** The repository's address as images name it: "123456789012.dkr.ecr.….amazonaws.com/library". */
  getRepositoryUri(repository: RepositoryReference, priority: Priority): Promise<string>;
}

/** 1000 images a page; a repository with more than this many pages should have a lifecycle policy. */
const MAX_PAGES = 10;
const KEPT = 1000;
const CONFIG_TIMEOUT_MS = 5000;
const MAX_CONFIG_BYTES = 1024 * 1024;

/** ECR through the SDK's clients, one for each Region. */
export function createEcr(clientIn: (region: string) => ECRClient, ownRegion: string, call: Caller): Ecr {
  const uris = new Map<string, string>();
  /** By repository and digest, which never mean another image. */
  const platforms = new Map<string, string[]>();
  const read = <T>(operation: string, priority: Priority, send: (signal: AbortSignal) => Promise<T>) =>
    call({ service: "ecr", operation, family: "ecr-read", priority, effect: "read" }, send);
  const locate = (repository: RepositoryReference) => {
    const { region = ownRegion, registryId, repositoryName } = locateIn(repository);
    return { client: clientIn(region), named: { registryId, repositoryName } };
  };

  async function findImage(
    repository: RepositoryReference,
    imageId: ImageIdentifier,
    priority: Priority,
  ): Promise<ImageDetail | null> {
    const { client, named } = locate(repository);
    try {
      const output = await read("DescribeImages", priority, (abortSignal) =>
        client.send(new DescribeImagesCommand({ ...named, imageIds: [imageId] }), { abortSignal }),
      );
      return output.imageDetails?.[0] ?? null;
    } catch (error) {
      if (error instanceof AwsFailure && error.code.startsWith("ImageNotFound")) return null;
      throw error;
    }
  }

  async function readPlatforms(
    repository: RepositoryReference,
    digest: string,
    priority: Priority,
  ): Promise<string[] | null> {
    const { client, named } = locate(repository);
    const { images } = await read("BatchGetImage", priority, (abortSignal) =>
      client.send(
        new BatchGetImageCommand({
          ...named,
          imageIds: [{ imageDigest: digest }],
          acceptedMediaTypes: [...MANIFEST_TYPES],
        }),
        { abortSignal },
      ),
    );
    const manifest = readManifest(images?.[0]?.imageManifest ?? "");
    if (manifest?.kind !== "image") return manifest?.platforms ?? null;
    const { downloadUrl } = await read("GetDownloadUrlForLayer", priority, (abortSignal) =>
      client.send(new GetDownloadUrlForLayerCommand({ ...named, layerDigest: manifest.configDigest }), { abortSignal }),
    );
    if (!downloadUrl) return null;
    const signal = AbortSignal.timeout(CONFIG_TIMEOUT_MS);
    const config = await readBounded(await fetch(downloadUrl, { redirect: "error", signal }), MAX_CONFIG_BYTES);
    const platform = readConfigPlatform(config);
    return platform === null ? null : [platform];
  }

  return {
    async listTags(repository, priority) {
      const { client, named } = locate(repository);
      const tags: ImageTag[] = [];
      let nextToken: string | undefined;
      for (let page = 0; page < MAX_PAGES; page += 1) {
        const output = await read("DescribeImages", priority, (abortSignal) =>
          client.send(
            new DescribeImagesCommand({ ...named, filter: { tagStatus: "TAGGED" }, maxResults: 1000, nextToken }),
            { abortSignal },
          ),
        );
        for (const image of output.imageDetails ?? [])
          for (const tag of image.imageTags ?? []) tags.push(toImageTag(image, tag));
        nextToken = output.nextToken;
        if (!nextToken) break;
      }
      return { tags: newestFirst(tags), isCut: nextToken !== undefined };
    },

    async findTag(repository, tag, priority) {
      const image = await findImage(repository, { imageTag: tag }, priority);
      return image?.imageDigest ? toImageTag(image, tag) : null;
    },

    async findDigest(repository, digest, priority) {
      const image = await findImage(repository, { imageDigest: digest }, priority);
      return image ? { tags: image.imageTags ?? [] } : null;
    },

    async findPlatforms(repository, digest, priority) {
      const { named } = locate(repository);
      const key = `${named.registryId}/${named.repositoryName}@${digest}`;
      const known = platforms.get(key) ?? (await readPlatforms(repository, digest, priority));
      if (known === null) return null;
      if (platforms.size >= KEPT) platforms.delete(platforms.keys().next().value ?? "");
      platforms.set(key, known);
      return known;
    },

    async findUpstream(repository, priority) {
      const { client, named } = locate(repository);
      const { pullThroughCacheRules = [] } = await read("DescribePullThroughCacheRules", priority, (abortSignal) =>
        client.send(new DescribePullThroughCacheRulesCommand({ registryId: named.registryId, maxResults: 1000 }), {
          abortSignal,
        }),
      );
      // The longest prefix decides; ROOT is every repository that no other rule has.
      const [rule] = pullThroughCacheRules
        .filter(
          ({ ecrRepositoryPrefix: prefix = "" }) => prefix === "ROOT" || named.repositoryName.startsWith(`${prefix}/`),
        )
        .sort((a, b) => lengthOf(b.ecrRepositoryPrefix) - lengthOf(a.ecrRepositoryPrefix));
      if (!rule?.upstreamRegistryUrl) return null;
      const rest = named.repositoryName.slice(lengthOf(rule.ecrRepositoryPrefix));
      const above = rule.upstreamRepositoryPrefix;
      const path = [...(above && above !== "ROOT" ? [above] : []), rest.replace(/^\//, "")].join("/");
      return `${rule.upstreamRegistryUrl.replace("registry-1.docker.io", "docker.io")}/${path}`;
    },

    async getRepositoryUri(repository, priority) {
      const { client, named } = locate(repository);
      const key = JSON.stringify(repository);
      const known = uris.get(key);
      if (known) return known;
      const output = await read("DescribeRepositories", priority, (abortSignal) =>
        client.send(
          new DescribeRepositoriesCommand({
            registryId: named.registryId,
            repositoryNames: [named.repositoryName],
          }),
          { abortSignal },
        ),
      );
      const uri = output.repositories?.[0]?.repositoryUri;
      if (!uri)
        throw missingFailure(
          "ecr",
          "DescribeRepositories",
          "RepositoryNotFound",
          say("awsError.noRepository", { name: named.repositoryName }),
        );
      uris.set(key, uri);
      return uri;
    },
  };
}

/** What of a repository AWS is asked by. The own registry needs neither id nor Region. */
function locateIn(repository: RepositoryReference) {
  if (typeof repository !== "string") {
    const { accountId, region, name } = repository;
    return { registryId: accountId, region, repositoryName: name };
  }
  const found = locateRepository(repository);
  if (found) return found;
  throw new AwsFailure({
    code: "RepositoryNotInEcr",
    message: say("awsError.otherRegistry", { name: repository }),
    kind: "invalid",
    retryable: false,
    requestId: null,
    service: "ecr",
    operation: "DescribeImages",
    isOutcomeUnknown: false,
  });
}

/** ROOT is no part of any name. */
function lengthOf(prefix = ""): number {
  return prefix === "ROOT" ? 0 : prefix.length;
}

function toImageTag(image: ImageDetail, tag: string): ImageTag {
  return {
    tag,
    digest: image.imageDigest ?? "",
    pushedAt: image.imagePushedAt?.getTime() ?? null,
    sizeBytes: image.imageSizeInBytes ?? null,
  };
}
