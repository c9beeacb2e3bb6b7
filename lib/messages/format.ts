import formatCompiled, { type CompiledMessage, type FormatValues } from "icu-minify/format";
import { withParticles } from "./korean-particles.ts";
import type { Language } from "./language.ts";

const formatters = {
  getDateTimeFormat: kept((...of: ConstructorParameters<typeof Intl.DateTimeFormat>) => new Intl.DateTimeFormat(...of)),
  getNumberFormat: kept((...of: ConstructorParameters<typeof Intl.NumberFormat>) => new Intl.NumberFormat(...of)),
  getPluralRules: kept((...of: ConstructorParameters<typeof Intl.PluralRules>) => new Intl.PluralRules(...of)),
};

/** Making an Intl object is slow, and there are few kinds of them. */
function kept<A extends unknown[], T>(make: (...of: A) => T): (...of: A) => T {
  const made = new Map<string, T>();
  return (...of) => {
    const key = JSON.stringify(of);
    const known = made.get(key) ?? make(...of);
    made.set(key, known);
    return known;
  };
}

/** A compiled message with its values put in: one text, or its parts when tags were drawn as something else than text. */
export function formatParts<Element>(
  message: CompiledMessage,
  language: Language,
  values?: FormatValues<Element>,
): string | Element | (string | Element)[] {
  const parts = formatCompiled<Element>(message, language, values && isolated(values), { formatters });
  return language === "ko" ? inKorean(parts) : parts;
}

function inKorean<Element>(parts: string | Element | (string | Element)[]): string | Element | (string | Element)[] {
  if (typeof parts === "string") return withParticles(parts);
  if (!Array.isArray(parts)) return parts;
  const before = (index: number) => {
    const part = parts[index - 1];
    return typeof part === "string" ? part : "";
  };
  return parts.map((part, index) => (typeof part === "string" ? withParticles(part, before(index)) : part));
}

/** What is written from right to left, or turns the direction round. */
const TURNING = /[\u0590-\u08ff\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufefc]/;

/** Values that would turn the rest of the sentence round keep to themselves, in the direction in which they begin. */
function isolated<Element>(values: FormatValues<Element>): FormatValues<Element> {
  const turning = Object.entries(values).filter(
    (entry): entry is [string, string] => typeof entry[1] === "string" && TURNING.test(entry[1]),
  );
  if (turning.length === 0) return values;
  return { ...values, ...Object.fromEntries(turning.map(([name, value]) => [name, isolate(value)])) };
}

function isolate(value: string): string {
  const plain = value.replaceAll(/[\u202a-\u202e]/g, "");
  // Of a sentence that stands in this one each opening has its end; somebody's own might end ours.
  return `\u2068${isBalanced(plain) ? plain : plain.replaceAll(/[\u2066-\u2069]/g, "")}\u2069`;
}

function isBalanced(text: string): boolean {
  let open = 0;
  for (const [mark] of text.matchAll(/[\u2066-\u2069]/g)) {
    open += mark === "\u2069" ? -1 : 1;
    if (open < 0) return false;
  }
  return open === 0;
}

/** A compiled message without tags, with its values put in. */
export function formatText(message: CompiledMessage, language: Language, values?: FormatValues<string>): string {
  const parts = formatParts(message, language, values);
  return typeof parts === "string" ? parts : [parts].flat().join("");
}
