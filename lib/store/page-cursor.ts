/** Where a page of rows, newest first, ended. */
export interface PagePosition {
  at: number;
  id: string;
}

/** The position as clients carry it: opaque, safe in an address. */
export function encodeCursor(position: PagePosition): string {
  return Buffer.from(JSON.stringify([position.at, position.id])).toString("base64url");
}

/** The position of a cursor; null for anything that `encodeCursor` did not make. */
export function decodeCursor(cursor: string): PagePosition | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
    if (!Array.isArray(value) || value.length !== 2) return null;
    const [at, id] = value;
    return Number.isSafeInteger(at) && typeof id === "string" ? { at, id } : null;
  } catch {
    return null;
  }
}

/** Cuts rows that were read with one more than `limit` into a page. */
export function toPage<T>(
  rows: readonly T[],
  limit: number,
  positionOf: (row: T) => PagePosition,
): { items: T[]; nextCursor: string | null } {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > limit && last !== undefined ? encodeCursor(positionOf(last)) : null };
}
