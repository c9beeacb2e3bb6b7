import { parseImage } from "../domain/observation/image-tag.ts";
import type { Revision } from "../domain/observation/slot.ts";
import { findMainContainer, type TaskDefinitionSummary } from "../domain/observation/task-definition.ts";

/** What the side runs by this task definition. */
export function revisionOf(definition: TaskDefinitionSummary, container: string | null): Revision {
  const image = findMainContainer(definition, container)?.image ?? "";
  const { tag, digest } = parseImage(image);
  return { taskDefinition: definition.arn ?? "", image, digest, tag };
}
