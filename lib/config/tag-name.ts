/** A name that stands for whatever has these tags: "tag:team=library&env=prod", which no name of AWS's can be. */
const PREFIX = "tag:";

/** `{ tag: { team: library } }` as a name; anything else as it is, for the schema of names to judge. */
export function withTagName(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Object.keys(value).join() !== "tag") return value;
  const { tag } = value as { tag: unknown };
  if (typeof tag !== "object" || tag === null || Array.isArray(tag)) return value;
  const entries = Object.entries(tag);
  const isTag = ([key, text]: [string, unknown]) => key !== "" && typeof text === "string";
  if (entries.length === 0 || !entries.every(isTag)) return value;
  return `${PREFIX}${new URLSearchParams(entries as [string, string][])}`;
}

/** The tags that a name stands for; null for a name or ARN of AWS's own. */
export function tagsOf(name: string): ReadonlyMap<string, string> | null {
  return name.startsWith(PREFIX) ? new Map(new URLSearchParams(name.slice(PREFIX.length))) : null;
}

/** "team=library, env=prod". */
export function tagWords(tags: ReadonlyMap<string, string>): string {
  return [...tags].map(([key, value]) => `${key}=${value}`).join(", ");
}
