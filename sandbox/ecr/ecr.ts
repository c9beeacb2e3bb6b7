import type * as Ecr from "@aws-sdk/client-ecr";
import { AwsError, type ImageRegistry, type SandboxBase, type SimulatedService } from "../service.ts";
import { createImageOperations } from "./image-operations.ts";
import { parseImageReference } from "./image-reference.ts";
import { pageOf } from "./page.ts";
import { behaviourOf, findStoredImage, type Repository, sampleManifest, storeImage } from "./repository.ts";

/** The simulated registry: the API, what ECS pulls from, and `push` for images with a past. */
export interface EcrSimulator extends ImageRegistry {
  service: SimulatedService;
  /** The registry's host, with which image references start. */
  host: string;
  /** Adds an image that was pushed earlier; returns its digest. */
  push(image: { repository: string; tag: string; pushedAt: Date; sizeBytes: number }): string;
  listImages(): { repository: string; tag: string; digest: string; kind: string }[];
  reset(): Promise<void>;
  close(): Promise<void>;
}

const TOKEN_LIFE_MS = 12 * 3_600_000;

/** An empty registry of the sandbox's account and Region. */
export function createEcr({ clock, place }: SandboxBase): EcrSimulator {
  const repositories = new Map<string, Repository>();
  const registryId = place.accountId;
  const host = `${place.accountId}.dkr.ecr.${place.region}.amazonaws.com`;
  const now = () => new Date(clock.now());

  const getRepository = (name: string, asked: string | undefined): Repository => {
    const repository = repositories.get(name);
    if (repository && (asked === undefined || asked === registryId)) return repository;
    const message = `The repository with name '${name}' does not exist in the registry with id '${asked ?? registryId}'`;
    throw new AwsError("RepositoryNotFoundException", message);
  };

  const toRepository = (repository: Repository): Ecr.Repository => ({
    repositoryArn: `arn:aws:ecr:${place.region}:${registryId}:repository/${repository.name}`,
    registryId,
    repositoryName: repository.name,
    repositoryUri: `${host}/${repository.name}`,
    createdAt: repository.createdAt,
    imageTagMutability: repository.tagMutability as Ecr.ImageTagMutability,
    imageScanningConfiguration: { scanOnPush: repository.scanOnPush },
    encryptionConfiguration: { encryptionType: "AES256" },
  });

  const createRepository = (input: Ecr.CreateRepositoryRequest): Ecr.CreateRepositoryResponse => {
    const name = input.repositoryName ?? "";
    if (!/^(?:[a-z0-9]+(?:[._-][a-z0-9]+)*\/)*[a-z0-9]+(?:[._-][a-z0-9]+)*$/.test(name)) {
      throw new AwsError(
        "InvalidParameterException",
        `Invalid parameter at 'repositoryName' failed to satisfy constraint: 'must satisfy regular expression '(?:[a-z0-9]+(?:[._-][a-z0-9]+)*/)*[a-z0-9]+(?:[._-][a-z0-9]+)*''`,
      );
    }
    if (repositories.has(name)) {
      const message = `The repository with name '${name}' already exists in the registry with id '${registryId}'`;
      throw new AwsError("RepositoryAlreadyExistsException", message);
    }
    const repository: Repository = {
      name,
      createdAt: now(),
      tagMutability: input.imageTagMutability ?? "MUTABLE",
      scanOnPush: input.imageScanningConfiguration?.scanOnPush ?? false,
      images: new Map(),
    };
    repositories.set(name, repository);
    return { repository: toRepository(repository) };
  };

  const service: SimulatedService = {
    name: "ecr",
    operations: {
      CreateRepository: createRepository,
      DescribeRepositories(input: Ecr.DescribeRepositoriesRequest): Ecr.DescribeRepositoriesResponse {
        const named = input.repositoryNames?.map((name) => getRepository(name, input.registryId));
        const page = pageOf(named ?? [...repositories.values()], input, 100);
        return { repositories: page.items.map(toRepository), nextToken: page.nextToken };
      },
      DeleteRepository(input: Ecr.DeleteRepositoryRequest): Ecr.DeleteRepositoryResponse {
        const repository = getRepository(input.repositoryName ?? "", input.registryId);
        if (repository.images.size > 0 && !input.force) {
          const message = `The repository with name '${repository.name}' in registry with id '${registryId}' cannot be deleted because it still contains images`;
          throw new AwsError("RepositoryNotEmptyException", message);
        }
        repositories.delete(repository.name);
        return { repository: toRepository(repository) };
      },
      DescribeRegistry(): Ecr.DescribeRegistryResponse {
        return { registryId, replicationConfiguration: { rules: [] } };
      },
      GetAuthorizationToken(): Ecr.GetAuthorizationTokenResponse {
        const authorizationToken = Buffer.from("AWS:sandbox").toString("base64");
        const expiresAt = new Date(clock.now() + TOKEN_LIFE_MS);
        return { authorizationData: [{ authorizationToken, expiresAt, proxyEndpoint: `https://${host}` }] };
      },
      ...createImageOperations({ registryId, getRepository, now }),
    },
  };

  return {
    service,
    host,
    push({ repository, tag, pushedAt, sizeBytes }) {
      if (!repositories.has(repository)) createRepository({ repositoryName: repository });
      const manifest = sampleManifest(repository, tag, sizeBytes);
      return storeImage(getRepository(repository, undefined), { manifest, tag, pushedAt }).digest;
    },
    listImages: () =>
      [...repositories.values()].flatMap((repository) =>
        [...repository.images.values()].flatMap((image) =>
          [...image.tags].map((tag) => ({
            repository: repository.name,
            tag,
            digest: image.digest,
            kind: behaviourOf(image).kind,
          })),
        ),
      ),
    findImage(image) {
      const reference = parseImageReference(image);
      const repository = reference?.host === host ? repositories.get(reference.repository) : undefined;
      if (!reference || !repository) return null;
      const id = reference.digest ? { imageDigest: reference.digest } : { imageTag: reference.tag };
      const stored = findStoredImage(repository, id);
      return stored ? behaviourOf(stored) : null;
    },
    reset: async () => repositories.clear(),
    close: async () => repositories.clear(),
  };
}
