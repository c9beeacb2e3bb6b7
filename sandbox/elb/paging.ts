import { assertRange, validationError } from "./errors.ts";

const MAX_PAGE_SIZE = 400;

/** Cuts one page out of a list, with ELB's 1-400 page size; `NextMarker` is undefined on the last page. */
export function page<T>(
  items: readonly T[],
  input: { Marker?: string; PageSize?: number },
): { items: T[]; NextMarker: string | undefined } {
  assertRange(input.PageSize, "pageSize", 1, MAX_PAGE_SIZE);
  const start = input.Marker === undefined ? 0 : decodeMarker(input.Marker);
  const end = start + (input.PageSize ?? MAX_PAGE_SIZE);
  return {
    items: items.slice(start, end),
    NextMarker: end < items.length ? Buffer.from(`offset:${end}`).toString("base64url") : undefined,
  };
}

function decodeMarker(marker: string): number {
  const found = /^offset:(\d+)$/.exec(Buffer.from(marker, "base64url").toString("utf8"));
  if (!found) throw validationError(`Marker '${marker}' is not valid`);
  return Number(found[1]);
}
