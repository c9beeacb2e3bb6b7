import { invalidParameter } from "./arns.ts";

/** Anything listed in pages: `order` grows with creation, so a token stays good while items come and go. */
export interface Ordered {
  readonly order: number;
}

const readToken = (token: string): number => {
  const match = /^after:(-?\d+)$/.exec(Buffer.from(token, "base64url").toString());
  if (!match?.[1]) throw invalidParameter("Invalid token.");
  return Number(match[1]);
};

/** One page of `items`, which are in listing order; the token is absent on the last page. */
export function takePage<T extends Ordered>(
  items: Iterable<T>,
  request: { nextToken?: string; maxResults?: number },
  defaults: { pageSize: number; isDescending?: boolean } = { pageSize: 100 },
): { page: T[]; nextToken?: string } {
  const size = request.maxResults ?? defaults.pageSize;
  if (size < 1 || size > 100) throw invalidParameter("maxResults must be between 1 and 100.");
  const after = request.nextToken ? readToken(request.nextToken) : undefined;
  const page: T[] = [];
  for (const item of items) {
    if (after !== undefined && (defaults.isDescending ? item.order >= after : item.order <= after)) continue;
    const last = page.at(-1);
    if (page.length === size && last)
      return { page, nextToken: Buffer.from(`after:${last.order}`).toString("base64url") };
    page.push(item);
  }
  return { page };
}
