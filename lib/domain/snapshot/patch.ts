/** What JSON can carry. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

/** Sets the value at a path, or removes the member there. An empty path is the whole value. */
type PatchOperation =
  | { path: readonly (string | number)[]; value: Json }
  | { path: readonly (string | number)[]; remove: true };

const LONG_ARRAY = 10;
const MOST_CHANGES_AN_ITEM = 2;

/** The changes that lead from one JSON value to another, to be applied in order. */
export type Patch = readonly PatchOperation[];

/**
 * The changes that lead from `before` to `after`; empty when they are equal. Members that are undefined count as absent.
 * Arrays of equal length are compared item by item; others, and those that changed nearly everywhere, are replaced whole.
 */
export function diff(before: unknown, after: unknown): Patch {
  const operations: PatchOperation[] = [];
  // Safe because both are about to be, or have been, JSON: what JSON cannot carry has no business in a stream.
  collect(before as Json | undefined, after as Json, [], operations);
  return operations;
}

/** The value after all changes. Nothing is mutated and what did not change stays the same object. */
export function applyPatch<T>(value: T, patch: Patch): T {
  // Safe because a patch made by `diff` leads from one T to another.
  return patch.reduce<Json | undefined>((current, operation) => applyAt(current, operation, 0), value as Json) as T;
}

function collect(before: Json | undefined, after: Json, path: (string | number)[], into: PatchOperation[]): void {
  if (Object.is(before, after)) return;
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    const items: PatchOperation[] = [];
    for (const [index, item] of after.entries()) collect(before[index], item, [...path, index], items);
    // A series that moved on by one has changed everywhere: whole it is shorter.
    if (after.length >= LONG_ARRAY && items.length > MOST_CHANGES_AN_ITEM * after.length)
      into.push({ path, value: after });
    else into.push(...items);
    return;
  }
  if (isObject(before) && isObject(after)) {
    for (const key of Object.keys(before))
      if (before[key] !== undefined && ownValue(after, key) === undefined)
        into.push({ path: [...path, key], remove: true });
    for (const key of Object.keys(after)) {
      const next = after[key];
      if (next !== undefined) collect(ownValue(before, key), next, [...path, key], into);
    }
    return;
  }
  // -0 and 0 are the same number in JSON.
  if (before === after) return;
  into.push({ path, value: after });
}

function applyAt(value: Json | undefined, operation: PatchOperation, depth: number): Json | undefined {
  const key = operation.path[depth];
  if (key === undefined) return "value" in operation ? operation.value : undefined;
  if (Array.isArray(value) && typeof key === "number") {
    const copy: Json[] = [...value];
    copy[key] = applyAt(value[key], operation, depth + 1) ?? null;
    return copy;
  }
  if (!isObject(value) || typeof key !== "string") return value;
  const entries = Object.entries(value).filter(([name]) => name !== key);
  const next = applyAt(ownValue(value, key), operation, depth + 1);
  // fromEntries defines members, so that a key such as "__proto__" is data like any other.
  return Object.fromEntries(next === undefined ? entries : [...entries, [key, next]]) as Json;
}

function isObject(value: Json | undefined): value is { readonly [key: string]: Json | undefined } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function ownValue(object: { readonly [key: string]: Json | undefined }, key: string): Json | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}
