import type { Json, Patch } from "./patch.ts";

/** One operation of RFC 6902 as we send them. */
export type JsonPatchOperation = { op: "add" | "replace"; path: string; value: Json } | { op: "remove"; path: string };

/**
 * The same changes as RFC 6902 says them. "add" sets a member of an object whether or not it is there, so nothing has to be known of
 * what is changed; items of arrays are replaced, because a changed length replaces the whole array.
 */
export function toJsonPatch(patch: Patch): JsonPatchOperation[] {
  return patch.map((operation) => {
    const path = operation.path.map((key) => `/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
    if ("remove" in operation) return { op: "remove", path };
    const isItem = typeof operation.path.at(-1) === "number" || operation.path.length === 0;
    return { op: isItem ? "replace" : "add", path, value: operation.value };
  });
}
