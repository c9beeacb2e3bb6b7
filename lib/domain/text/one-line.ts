import { cutText } from "./cut-text.ts";

const MAX_WORDS = 600;

/** A stranger's text on one line: control characters become spaces, nothing turns its direction round, and it ends somewhere. */
export function oneLine(text: string, limit = MAX_WORDS): string {
  const told = text.replaceAll(/[\u202a-\u202e\u2066-\u2069]/g, "");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out.
  const flat = told.replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, " ").trim();
  return flat.length > limit ? `${cutText(flat, limit - 1).toWellFormed()}…` : flat.toWellFormed();
}
