import formatCompiled, { type CompiledMessage, type FormatValues } from "icu-minify/format";
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
  return formatCompiled<Element>(message, language, values, { formatters });
}

/** A compiled message without tags, with its values put in. */
export function formatText(message: CompiledMessage, language: Language, values?: FormatValues<string>): string {
  const parts = formatParts(message, language, values);
  return typeof parts === "string" ? parts : [parts].flat().join("");
}
