import { z } from "zod";
import type { RevisionRequest } from "../controllers/controller.ts";
import type { Application } from "../domain/application/application.ts";
import { parseImage, pinnedImage } from "../domain/observation/image-tag.ts";
import type { OperationRuntime } from "../request/context.ts";
import { type Refusal, refuse } from "../request/refusal.ts";

/** The three ways to say what to run; exactly one of them. */
export const revisionFields = {
  imageTag: z
    .string()
    .regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/, "give an image tag of letters, digits, _ . -")
    .optional(),
  image: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9_.:/@-]{0,511}$/, "give an image as repository:tag or repository@sha256:digest")
    .optional(),
  taskDefinition: z
    .string()
    .regex(/^[A-Za-z0-9_:/-]{1,512}$/, "give a task definition as family:revision or its ARN")
    .optional(),
};
type RevisionInput = { [K in keyof typeof revisionFields]?: string };

/** The check that exactly one is given, as `refine` takes it. */
export const revisionIsOne: [(input: RevisionInput) => boolean, { message: string; path: string[] }] = [
  ({ imageTag, image, taskDefinition }) => [imageTag, image, taskDefinition].filter(Boolean).length === 1,
  { message: "give exactly one of imageTag, image and taskDefinition", path: ["imageTag"] },
];

/** What is to be registered: a tag of the application's repository becomes its digest, because a tag may be moved. */
export async function resolveRevision(
  runtime: Pick<OperationRuntime, "aws">,
  application: Application,
  input: RevisionInput,
): Promise<{ ok: true; request: RevisionRequest } | Refusal<never>> {
  if (input.taskDefinition) return { ok: true, request: { taskDefinition: input.taskDefinition } };
  const { repository } = application;
  if (input.image) {
    const parts = parseImage(input.image);
    const isOurs = repository !== null && parts.repository.endsWith(repository.slice(repository.indexOf("/") + 1));
    if (parts.digest || !parts.tag || !isOurs) return { ok: true, request: { image: input.image } };
    const found = await runtime.aws.ecr.findTag(parts.repository, parts.tag, "action");
    if (!found) return notFound(parts.repository, parts.tag);
    return { ok: true, request: { image: pinnedImage(parts.repository, parts.tag, found.digest) } };
  }
  const tag = input.imageTag ?? "";
  if (repository === null)
    return refuse(
      "INVALID_INPUT",
      `${application.name} has no repository in switchyard.yaml to find tag ${tag} in`,
      "Give image or taskDefinition instead, or configure repository",
    );
  const [found, uri] = await Promise.all([
    runtime.aws.ecr.findTag(repository, tag, "action"),
    runtime.aws.ecr.getRepositoryUri(repository, "action"),
  ]);
  if (!found) return notFound(repository, tag);
  return { ok: true, request: { image: pinnedImage(uri, tag, found.digest) } };
}

function notFound(repository: string, tag: string): Refusal<never> {
  return refuse(
    "IMAGE_NOT_FOUND",
    `Repository ${repository} has no tag ${tag}`,
    "Push the image, or choose another tag",
  );
}
