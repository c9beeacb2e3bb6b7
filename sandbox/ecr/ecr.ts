import type * as Ecr from "@aws-sdk/client-ecr";
import {
  AwsError,
  type Call,
  type ImageRegistry,
  type Place,
  type SandboxBase,
  type SimulatedService,
} from "../service.ts";
import { createImageOperations } from "./image-operations.ts";
import { parseImageReference } from "./image-reference.ts";
import { pageOf, refuseBeside } from "./page.ts";
import { behaviourOf, digestOf, findStoredImage, type Repository, sampleImage, storeImage } from "./repository.ts";
import { createRepositorySettings } from "./repository-settings.ts";

/** An image with a past. Another registry is another account's, or the same account's in another Region. */
interface PushedImage {
  repository: string;
  tag: string;
  pushedAt: Date;
  sizeBytes: number;
  /** One platform makes one image, several a list of them. Without it, "linux/amd64" alone. */
  platforms?: readonly string[];
  /** A list of images also for one platform. */
  isIndex?: boolean;
  /** `isShared` false: its own policy lets nobody else look. */
  registry?: Partial<Place> & { isShared?: boolean };
}

/** The simulated registry: the API, what ECS pulls from, and `push` for images with a past. */
export interface EcrSimulator extends ImageRegistry {
  service: SimulatedService;
  /** The registry's host, with which image references start. */
  host: string;
  /** Adds an image that was pushed earlier; returns its digest. */
  push(image: PushedImage): string;
  /** Says that repositories with this prefix are filled from another registry when ECS pulls; ROOT is every repository. */
  addPullThroughCache(ecrRepositoryPrefix: string, upstreamRegistryUrl: string): void;
  listImages(): { repository: string; tag: string; digest: string; kind: string }[];
  /** A blob that GetDownloadUrlForLayer gave an address of; null when there is none. */
  findBlob(digest: string): string | null;
  reset(): Promise<void>;
  close(): Promise<void>;
}

const TOKEN_LIFE_MS = 12 * 3_600_000;

/**
 * The registry of the sandbox's account and Region, and those that images were pushed into beside. A call for another Region is
 * answered by the registries of that Region, and by the sandbox's own while that Region has none.
 */
export function createEcr({ clock, place }: SandboxBase): EcrSimulator {
  let repositories: Repository[] = [];
  let caches: Ecr.PullThroughCacheRule[] = [];
  const now = () => new Date(clock.now());

  const regionOf = ({ region }: Pick<Call, "region">): string =>
    repositories.some((one) => one.region === region) ? (region ?? place.region) : place.region;

  const find = (name: string, registryId: string, region: string): Repository | undefined =>
    repositories.find((one) => one.name === name && one.registryId === registryId && one.region === region);

  const getRepository = (
    operation: string,
    { repositoryName: name = "", registryId = place.accountId }: { repositoryName?: string; registryId?: string },
    call: Pick<Call, "region">,
  ): Repository => {
    const repository = find(name, registryId, regionOf(call));
    if (!repository) {
      const message = `The repository with name '${name}' does not exist in the registry with id '${registryId}'`;
      throw new AwsError("RepositoryNotFoundException", message);
    }
    if (registryId === place.accountId || repository.isShared) return repository;
    const action = `ecr:${operation}`;
    throw new AwsError(
      "AccessDeniedException",
      `User: arn:aws:iam::${place.accountId}:user/sandbox is not authorized to perform: ${action} on resource: ${arnOf(repository)} because no resource-based policy allows the ${action} action`,
    );
  };

  const addRepository = (name: string, settings: Partial<Repository> = {}): Repository => {
    const repository: Repository = {
      name,
      registryId: place.accountId,
      region: place.region,
      isShared: true,
      createdAt: now(),
      tagMutability: "MUTABLE",
      exclusions: [],
      scanOnPush: false,
      tags: [],
      images: new Map(),
      blobs: new Map(),
      ...settings,
    };
    repositories.push(repository);
    return repository;
  };

  const createRepository = (input: Ecr.CreateRepositoryRequest, call: Call): Ecr.CreateRepositoryResponse => {
    const name = input.repositoryName ?? "";
    if (!/^(?:[a-z0-9]+(?:[._-][a-z0-9]+)*\/)*[a-z0-9]+(?:[._-][a-z0-9]+)*$/.test(name)) {
      throw new AwsError(
        "InvalidParameterException",
        `Invalid parameter at 'repositoryName' failed to satisfy constraint: 'must satisfy regular expression '(?:[a-z0-9]+(?:[._-][a-z0-9]+)*/)*[a-z0-9]+(?:[._-][a-z0-9]+)*''`,
      );
    }
    const region = regionOf(call);
    if (find(name, place.accountId, region)) {
      const message = `The repository with name '${name}' already exists in the registry with id '${place.accountId}'`;
      throw new AwsError("RepositoryAlreadyExistsException", message);
    }
    const repository = addRepository(name, {
      region,
      tagMutability: input.imageTagMutability ?? "MUTABLE",
      exclusions: (input.imageTagMutabilityExclusionFilters ?? []).map(({ filter = "" }) => filter),
      scanOnPush: input.imageScanningConfiguration?.scanOnPush ?? false,
      tags: input.tags ?? [],
    });
    return { repository: toRepository(repository) };
  };

  const service: SimulatedService = {
    name: "ecr",
    operations: {
      CreateRepository: createRepository,
      DescribeRepositories(input: Ecr.DescribeRepositoriesRequest, call: Call): Ecr.DescribeRepositoriesResponse {
        const { registryId = place.accountId, repositoryNames, maxResults, nextToken } = input;
        if (repositoryNames) refuseBeside("repositoryNames", { maxResults, nextToken });
        const own = () => repositories.filter((one) => one.registryId === registryId && one.region === regionOf(call));
        const named = input.repositoryNames?.map((repositoryName) =>
          getRepository("DescribeRepositories", { repositoryName, registryId }, call),
        );
        const page = pageOf(named ?? own(), input, 100);
        return { repositories: page.items.map(toRepository), nextToken: page.nextToken };
      },
      DeleteRepository(input: Ecr.DeleteRepositoryRequest, call: Call): Ecr.DeleteRepositoryResponse {
        const repository = getRepository("DeleteRepository", input, call);
        if (repository.images.size > 0 && !input.force) {
          const message = `The repository with name '${repository.name}' in registry with id '${repository.registryId}' cannot be deleted because it still contains images`;
          throw new AwsError("RepositoryNotEmptyException", message);
        }
        repositories = repositories.filter((one) => one !== repository);
        return { repository: toRepository(repository) };
      },
      DescribeRegistry(): Ecr.DescribeRegistryResponse {
        return { registryId: place.accountId, replicationConfiguration: { rules: [] } };
      },
      DescribePullThroughCacheRules(
        input: Ecr.DescribePullThroughCacheRulesRequest,
      ): Ecr.DescribePullThroughCacheRulesResponse {
        const wanted = input.ecrRepositoryPrefixes;
        const found = caches.filter(({ ecrRepositoryPrefix = "" }) => wanted?.includes(ecrRepositoryPrefix) ?? true);
        const missing = wanted?.find((prefix) => !found.some((rule) => rule.ecrRepositoryPrefix === prefix));
        if (missing !== undefined) {
          const message = `The pull through cache rule with the repository prefix '${missing}' does not exist in the registry with id '${place.accountId}'`;
          throw new AwsError("PullThroughCacheRuleNotFoundException", message);
        }
        const page = pageOf(found, input, 100);
        return { pullThroughCacheRules: page.items, nextToken: page.nextToken };
      },
      GetAuthorizationToken(): Ecr.GetAuthorizationTokenResponse {
        const authorizationToken = Buffer.from("AWS:sandbox").toString("base64");
        const expiresAt = new Date(clock.now() + TOKEN_LIFE_MS);
        return { authorizationData: [{ authorizationToken, expiresAt, proxyEndpoint: `https://${hostOf(place)}` }] };
      },
      ...createImageOperations({ getRepository, now }),
      ...createRepositorySettings({
        getRepository,
        now,
        findByArn: (arn) => repositories.find((one) => arnOf(one) === arn) ?? null,
      }),
    },
  };

  const clear = async () => {
    repositories = [];
    caches = [];
  };
  return {
    service,
    host: hostOf(place),
    push({ repository: name, tag, pushedAt, sizeBytes, platforms, isIndex, registry = {} }) {
      const { accountId: registryId = place.accountId, region = place.region, isShared = true } = registry;
      const repository = find(name, registryId, region) ?? addRepository(name, { registryId, region, isShared });
      const image = sampleImage(name, tag, sizeBytes, platforms, isIndex);
      for (const blob of image.blobs) repository.blobs.set(digestOf(blob), blob);
      return storeImage(repository, { ...image, tag, pushedAt }).digest;
    },
    addPullThroughCache(ecrRepositoryPrefix, upstreamRegistryUrl) {
      caches.push({ ecrRepositoryPrefix, upstreamRegistryUrl, registryId: place.accountId, createdAt: now() });
    },
    listImages: () =>
      repositories.flatMap((repository) =>
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
      const repository =
        reference &&
        repositories.find((one) => `${hostOf(one)}/${one.name}` === `${reference.host}/${reference.repository}`);
      if (!reference || !repository) return null;
      const id = reference.digest ? { imageDigest: reference.digest } : { imageTag: reference.tag };
      const stored = findStoredImage(repository, id);
      return stored ? behaviourOf(stored) : null;
    },
    findBlob(digest) {
      for (const { blobs } of repositories) {
        const blob = blobs.get(digest);
        if (blob !== undefined) return blob;
      }
      return null;
    },
    reset: clear,
    close: clear,
  };
}

function toRepository(repository: Repository): Ecr.Repository {
  const filters = repository.exclusions.map((filter) => ({ filterType: "WILDCARD" as const, filter }));
  return {
    repositoryArn: arnOf(repository),
    registryId: repository.registryId,
    repositoryName: repository.name,
    repositoryUri: `${hostOf(repository)}/${repository.name}`,
    createdAt: repository.createdAt,
    imageTagMutability: repository.tagMutability as Ecr.ImageTagMutability,
    ...(filters.length > 0 ? { imageTagMutabilityExclusionFilters: filters } : {}),
    imageScanningConfiguration: { scanOnPush: repository.scanOnPush },
    encryptionConfiguration: { encryptionType: "AES256" },
  };
}

function arnOf({ region, registryId, name }: Repository): string {
  return `arn:aws:ecr:${region}:${registryId}:repository/${name}`;
}

function hostOf(registry: Place | Repository): string {
  const account = "accountId" in registry ? registry.accountId : registry.registryId;
  return `${account}.dkr.ecr.${registry.region}.amazonaws.com`;
}
