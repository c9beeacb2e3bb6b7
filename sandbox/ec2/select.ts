import type { Filter, Tag } from "@aws-sdk/client-ec2";
import { AwsError } from "../service.ts";

/** What a filter compares with its values. */
type Getter<T> = (item: T) => string | undefined | readonly (string | undefined)[];

/** What every Describe of EC2 takes. */
interface DescribeInput {
  Filters?: readonly Filter[];
  MaxResults?: number;
  NextToken?: string;
}

/**
 * The items that have an asked id and pass every filter, one page of them. @throws AwsError for an id that there is none of, an
 * unknown filter, ids together with MaxResults, a token that is none of ours.
 */
export function select<T extends { Tags?: Tag[] }>(
  all: ReadonlyMap<string, T>,
  ids: readonly string[] | undefined,
  input: DescribeInput,
  filters: Readonly<Record<string, Getter<T>>>,
  getById: (id: string) => T,
): { items: T[]; NextToken: string | undefined } {
  if (ids?.length && input.MaxResults !== undefined)
    throw new AwsError(
      "InvalidParameterCombination",
      "The parameter MaxResults cannot be used with the parameter that names ids",
    );
  const named = ids?.length ? [...new Set(ids)].map(getById) : [...all.values()];
  const items = (input.Filters ?? []).reduce((left, filter) => left.filter(passes(filter, filters)), named);
  const start = input.NextToken === undefined ? 0 : offsetOf(input.NextToken);
  const end = start + (input.MaxResults ?? 1000);
  const NextToken = end < items.length ? Buffer.from(`offset:${end}`).toString("base64url") : undefined;
  return { items: items.slice(start, end), NextToken };
}

function passes<T extends { Tags?: Tag[] }>(
  { Name = "", Values = [] }: Filter,
  filters: Readonly<Record<string, Getter<T>>>,
) {
  const tag = /^tag:(.+)$/.exec(Name)?.[1];
  const getter: Getter<T> | undefined =
    tag !== undefined
      ? (item) => item.Tags?.filter(({ Key }) => Key === tag).map(({ Value }) => Value) ?? []
      : Object.hasOwn(filters, Name)
        ? filters[Name]
        : undefined;
  if (!getter) throw new AwsError("InvalidParameterValue", `The filter '${Name}' is invalid`);
  const patterns = Values.map(toPattern);
  return (item: T) => {
    const found = getter(item);
    const values = typeof found === "string" || found === undefined ? [found] : found;
    return values.some((value) => value !== undefined && patterns.some((pattern) => pattern.test(value)));
  };
}

/** A filter's value may have `*` for any text and `?` for one character. */
function toPattern(value: string): RegExp {
  const escaped = value.replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`);
}

function offsetOf(token: string): number {
  const found = /^offset:(\d+)$/.exec(Buffer.from(token, "base64url").toString("utf8"));
  if (!found) throw new AwsError("InvalidNextToken", "The specified token is not valid");
  return Number(found[1]);
}
