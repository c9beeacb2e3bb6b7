import { AwsError } from "../service.ts";

/** One page of `items` and the token of the next; no token on the last page. @throws AwsError InvalidParameterException */
export function pageOf<Item>(
  items: readonly Item[],
  request: { maxResults?: number; nextToken?: string },
  defaultSize: number,
): { items: Item[]; nextToken?: string } {
  const start = request.nextToken === undefined ? 0 : readToken(request.nextToken);
  const end = start + (request.maxResults ?? defaultSize);
  const nextToken = end < items.length ? Buffer.from(`offset:${end}`).toString("base64url") : undefined;
  return { items: items.slice(start, end), nextToken };
}

/** What names its items has no pages. Assumption: the words. @throws AwsError InvalidParameterException */
export function refuseBeside(member: string, paging: { maxResults?: number; nextToken?: string }): void {
  for (const [name, value] of Object.entries(paging))
    if (value !== undefined)
      throw new AwsError(
        "InvalidParameterException",
        `Invalid parameter at '${name}': it cannot be used with '${member}'`,
      );
}

function readToken(token: string): number {
  const match = /^offset:(\d{1,9})$/.exec(Buffer.from(token, "base64url").toString("utf8"));
  if (!match) {
    throw new AwsError("InvalidParameterException", "Invalid parameter at 'nextToken': the token is not valid");
  }
  return Number(match[1]);
}
