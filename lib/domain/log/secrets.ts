import { type Sentence, say } from "../sentence/sentence.ts";
import { undisguise } from "./disguised-text.ts";
import { maskNamed, NAMED } from "./named-secrets.ts";
import type { SafePattern } from "./safe-pattern.ts";
import { SECRET_RULES } from "./secret-rules.ts";

/** A rule of an application's own. */
export interface OwnSecretRule {
  name: string;
  pattern: SafePattern;
}

/** Names of all that is masked, with words, as pages and documents show them. */
export const SECRET_RULE_WORDS: readonly { name: string; about: Sentence }[] = [
  ...SECRET_RULES.map(({ name, about }) => ({ name, about })),
  {
    name: NAMED,
    about: say("secretRule.namedSecret"),
  },
];

/** What stands in the place of a secret. */
const mark = (name: string) => `[masked: ${name}]`;

/**
 * The text without the secrets that the rules find, each replaced by its rule's name; twice comes to the same. Where one is found
 * only behind terminal sequences, unseen characters or escapes, the text is answered without those.
 */
export function maskSecrets(text: string, own: readonly OwnSecretRule[] = []): string {
  const masked = maskAsWritten(text, own);
  const plain = undisguise(masked);
  if (plain === null) return masked;
  const found = maskAsWritten(plain, own);
  return found === plain ? masked : found;
}

function maskAsWritten(text: string, own: readonly OwnSecretRule[]): string {
  let masked = text;
  for (const { name, pattern, isSecret } of SECRET_RULES)
    masked = masked.replace(pattern, (found: string, ...rest: unknown[]) => {
      const kept = rest.at(-1);
      const part = (name: string) =>
        Object.entries(isGroups(kept) ? kept : {}).find(([group, text]) => text && group.startsWith(name))?.[1] ?? "";
      const before = part("before");
      if (isSecret && !isSecret(found.slice(before.length))) return found;
      if (/^[\s"'\\]*\[masked:/.test(found.slice(before.length))) return found;
      return `${before}${mark(name)}${part("after")}`;
    });
  masked = maskNamed(masked, mark(NAMED));
  for (const rule of own) masked = maskOwn(masked, rule);
  return masked;
}

/** Of one line; a rule that finds this many finds everything. */
const MOST_FOUND = 50;

function maskOwn(text: string, { name, pattern }: OwnSecretRule): string {
  let result = "";
  let done = 0;
  for (let count = 0; count < MOST_FOUND; count++) {
    const found = pattern.find(text, done);
    if (!found) break;
    result += `${text.slice(done, found.start)}${mark(name)}`;
    done = found.end;
  }
  return result + text.slice(done);
}

const isGroups = (value: unknown): value is Record<string, string | undefined> =>
  typeof value === "object" && value !== null;

/** Whether a secret was taken out of this text. */
export const isMasked = (text: string): boolean => /\[masked: [^\]\n]{1,60}\]/.test(text);

/** How often each rule masked something in these texts, most first. */
export function countMasked(texts: Iterable<string>): { name: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const text of texts)
    for (const [, name = ""] of text.matchAll(/\[masked: ([^\]\n]{1,60})\]/g))
      counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].map(([name, count]) => ({ name, count })).sort((a, b) => b.count - a.count);
}
