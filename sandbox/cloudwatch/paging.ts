import { AwsError } from "../service.ts";

/** One page of `items` and the token of the next; no token on the last page. @throws AwsError InvalidNextToken */
export function pageOf<Item>(
  items: readonly Item[],
  token: string | undefined,
  size: number,
): { items: Item[]; nextToken?: string } {
  const start = token === undefined ? 0 : readToken(token);
  const end = start + size;
  const nextToken = end < items.length ? Buffer.from(`offset:${end}`).toString("base64url") : undefined;
  return { items: items.slice(start, end), nextToken };
}

function readToken(token: string): number {
  const match = /^offset:(\d{1,9})$/.exec(Buffer.from(token, "base64url").toString("utf8"));
  if (!match) throw new AwsError("InvalidNextToken", "The NextToken is not valid");
  return Number(match[1]);
}
