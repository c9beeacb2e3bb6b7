import type * as Ecr from "@aws-sdk/client-ecr";
import { AwsError, type Call, type Handler } from "../service.ts";
import { pageOf, refuseBeside } from "./page.ts";
import {
  CONFIG_TYPE,
  digestOf,
  findStoredImage,
  isImmutable,
  mediaTypeOf,
  type Repository,
  type StoredImage,
  storeImage,
} from "./repository.ts";

interface ImageOperationsContext {
  getRepository(operation: string, input: { repositoryName?: string; registryId?: string }, call: Call): Repository;
  now(): Date;
}

/** The operations on images: push, read, list, delete. */
export function createImageOperations(context: ImageOperationsContext): Record<string, Handler> {
  const { getRepository, now } = context;

  const getImage = (repository: Repository, id: Ecr.ImageIdentifier): StoredImage => {
    checkImageId(id);
    const image = findStoredImage(repository, id);
    if (image) return image;
    const shown = `{imageDigest:'${id.imageDigest ?? "null"}', imageTag:'${id.imageTag ?? "null"}'}`;
    const message = `The image with imageId ${shown} does not exist within the repository with name '${repository.name}' in the registry with id '${repository.registryId}'`;
    throw new AwsError("ImageNotFoundException", message);
  };

  const toImage = (repository: Repository, image: StoredImage, imageTag?: string): Ecr.Image => ({
    registryId: repository.registryId,
    repositoryName: repository.name,
    imageId: { imageDigest: image.digest, imageTag },
    imageManifest: image.manifest,
    imageManifestMediaType: mediaTypeOf(image.manifest),
  });

  return {
    PutImage(input: Ecr.PutImageRequest, call: Call): Ecr.PutImageResponse {
      const repository = getRepository("PutImage", input, call);
      const manifest = input.imageManifest ?? "";
      const tag = input.imageTag ?? null;
      const digest = digestOf(manifest);
      if (input.imageDigest !== undefined && input.imageDigest !== digest) {
        throw new AwsError("ImageDigestDoesNotMatchException", "Image digest does not match the image manifest");
      }
      const same = repository.images.get(digest);
      if (same && (tag === null || same.tags.has(tag))) {
        const message = `Image with digest '${digest}' and tag '${tag}' already exists in the repository with name '${repository.name}' in registry with id '${repository.registryId}'`;
        throw new AwsError("ImageAlreadyExistsException", message);
      }
      const isTaken = tag !== null && findStoredImage(repository, { imageTag: tag }) !== null;
      if (isTaken && isImmutable(repository, tag)) {
        const message = `The image tag '${tag}' already exists in the '${repository.name}' repository and cannot be overwritten because the tag is immutable.`;
        throw new AwsError("ImageTagAlreadyExistsException", message);
      }
      const stored = storeImage(repository, { manifest, tag, pushedAt: now() });
      return { image: toImage(repository, stored, input.imageTag) };
    },

    DescribeImages(input: Ecr.DescribeImagesRequest, call: Call): Ecr.DescribeImagesResponse {
      const repository = getRepository("DescribeImages", input, call);
      if (input.imageIds) refuseBeside("imageIds", { maxResults: input.maxResults, nextToken: input.nextToken });
      const images = input.imageIds
        ? [...new Set(input.imageIds.map((id) => getImage(repository, id)))]
        : [...repository.images.values()].filter((image) => matchesTagStatus(image, input.filter?.tagStatus));
      const page = pageOf(images, input, 100);
      const imageDetails = page.items.map((image) => ({
        registryId: repository.registryId,
        repositoryName: repository.name,
        imageDigest: image.digest,
        imageTags: image.tags.size > 0 ? [...image.tags] : undefined,
        imageSizeInBytes: image.sizeBytes,
        imagePushedAt: image.pushedAt,
        imageManifestMediaType: mediaTypeOf(image.manifest),
        artifactMediaType: CONFIG_TYPE,
      }));
      return { imageDetails, nextToken: page.nextToken };
    },

    ListImages(input: Ecr.ListImagesRequest, call: Call): Ecr.ListImagesResponse {
      const repository = getRepository("ListImages", input, call);
      const ids = [...repository.images.values()]
        .filter((image) => matchesTagStatus(image, input.filter?.tagStatus))
        .flatMap((image): Ecr.ImageIdentifier[] => {
          if (image.tags.size === 0) return [{ imageDigest: image.digest }];
          return [...image.tags].map((imageTag) => ({ imageDigest: image.digest, imageTag }));
        });
      const page = pageOf(ids, input, 100);
      return { imageIds: page.items, nextToken: page.nextToken };
    },

    BatchGetImage(input: Ecr.BatchGetImageRequest, call: Call): Ecr.BatchGetImageResponse {
      const repository = getRepository("BatchGetImage", input, call);
      const images: Ecr.Image[] = [];
      const failures: Ecr.ImageFailure[] = [];
      for (const imageId of input.imageIds ?? []) {
        const image = findStoredImage(repository, imageId);
        if (image) images.push(toImage(repository, image, imageId.imageTag));
        else failures.push({ imageId, failureCode: "ImageNotFound", failureReason: "Requested image not found" });
      }
      return { images, failures };
    },

    GetDownloadUrlForLayer(input: Ecr.GetDownloadUrlForLayerRequest, call: Call): Ecr.GetDownloadUrlForLayerResponse {
      const { layerDigest = "" } = input;
      const repository = getRepository("GetDownloadUrlForLayer", input, call);
      if (!repository.blobs.has(layerDigest)) {
        const message = `The layer with digest '${layerDigest}' does not exist in the repository with name '${repository.name}' in the registry with id '${repository.registryId}'`;
        throw new AwsError("LayersNotFoundException", message);
      }
      return { downloadUrl: `${call.origin ?? ""}/_sandbox/blobs/${layerDigest}`, layerDigest };
    },

    BatchDeleteImage(input: Ecr.BatchDeleteImageRequest, call: Call): Ecr.BatchDeleteImageResponse {
      const repository = getRepository("BatchDeleteImage", input, call);
      const imageIds: Ecr.ImageIdentifier[] = [];
      const failures: Ecr.ImageFailure[] = [];
      for (const imageId of input.imageIds ?? []) {
        const image = findStoredImage(repository, imageId);
        if (!image) {
          failures.push({ imageId, failureCode: "ImageNotFound", failureReason: "Requested image not found" });
          continue;
        }
        if (imageId.imageTag && !imageId.imageDigest) image.tags.delete(imageId.imageTag);
        else image.tags.clear();
        if (image.tags.size === 0) repository.images.delete(image.digest);
        imageIds.push({ imageDigest: image.digest, imageTag: imageId.imageTag });
      }
      return { imageIds, failures };
    },
  };
}

const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** Assumption: the words, after those of other parameters. */
function checkImageId({ imageDigest, imageTag }: Ecr.ImageIdentifier): void {
  const invalid = (why: string) =>
    new AwsError("InvalidParameterException", `Invalid parameter at 'imageIds' failed to satisfy constraint: '${why}'`);
  if (imageDigest === undefined && !imageTag) throw invalid("must specify an image tag or an image digest");
  if (imageDigest !== undefined && !DIGEST.test(imageDigest)) throw invalid("must be a digest of sha256");
}

function matchesTagStatus(image: StoredImage, status: Ecr.TagStatus | undefined): boolean {
  if (status === "TAGGED") return image.tags.size > 0;
  return status !== "UNTAGGED" || image.tags.size === 0;
}
