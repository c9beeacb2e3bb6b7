import { listSaid } from "../domain/sentence/list.ts";
import { type Sentence, say } from "../domain/sentence/sentence.ts";
import type { Config } from "./config.ts";

/** What a file that was read again changes, in names of settings: values may be secret. */
export interface ConfigDifference {
  added: readonly string[];
  removed: readonly string[];
  changed: readonly { name: string; settings: readonly string[] }[];
  /** Other sections that hold from now on. */
  sections: readonly string[];
  /** What is different and holds from the next start only. */
  atNextStart: readonly string[];
}

/** What came of reading switchyard.yaml again. */
export interface ReloadOutcome {
  /** Epoch ms. */
  at: number;
  isTaken: boolean;
  /** The difference, or why it was refused: that may name values of the file, and is for admins and the log. */
  words: string;
  /** `words` in no language yet; left out where they are another program's. */
  wordsSaid?: Sentence;
}

const SECTIONS = ["access", "notifications", "pipelines"] as const;

/** Compares by content; order of applications and of settings does not count. */
export function compareConfigs(before: Config, after: Config): ConfigDifference {
  const old = new Map(before.applications.map((application) => [application.name, application]));
  const names = new Set(after.applications.map(({ name }) => name));
  const changed = after.applications.flatMap((application) => {
    const known = old.get(application.name);
    const settings = known ? differentKeys(known, application) : [];
    return settings.length > 0 ? [{ name: application.name, settings }] : [];
  });
  const own = {
    region: [before.region, after.region],
    audit: [before.audit, after.audit],
    accounts: [before.accounts, after.accounts],
    rateLimits: [before.rateLimits, after.rateLimits],
    events: [before.events, after.events],
  };
  const users = [before.auth.sandboxUsers, after.auth.sandboxUsers];
  return {
    added: [...names].filter((name) => !old.has(name)),
    removed: [...old.keys()].filter((name) => !names.has(name)),
    changed,
    sections: SECTIONS.filter((section) => !isSame(before[section], after[section])),
    atNextStart: Object.entries({ ...own, "access.sandboxUsers": users }).flatMap(([name, [one, other]]) =>
      isSame(one, other) ? [] : [name],
    ),
  };
}

/** The difference as one sentence: "added library; changed catalog (bakeMinutes)". */
export function differenceSaid({ added, removed, changed, sections, atNextStart }: ConfigDifference): Sentence {
  const some = (names: readonly string[], sentence: (names: string) => Sentence) =>
    names.length > 0 ? [sentence(names.join(", "))] : [];
  const parts = [
    ...some(added, (names) => say("config.added", { names })),
    ...some(removed, (names) => say("config.removed", { names })),
    ...changed.map(({ name, settings }) => say("config.changedOf", { name, settings: settings.join(", ") })),
    ...some(sections, (names) => say("config.changed", { names })),
    ...some(atNextStart, (names) => say("config.atNextStart", { names })),
  ];
  return parts.length > 0 ? listSaid(parts, "semicolon") : say("config.noDifference");
}

function differentKeys(one: object, other: object): string[] {
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...keys].filter((key) => !isSame(Reflect.get(one, key), Reflect.get(other, key)));
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
}

/** Members of objects in one order, so that moving a line changes nothing. */
function sorted(value: unknown): unknown {
  if (value instanceof RegExp) return String(value);
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, sorted(inner)] as const);
  return Object.fromEntries(entries.toSorted(([a], [b]) => a.localeCompare(b)));
}
