import { AwsError } from "../service.ts";
import { FilterPatternError, PatternScanner } from "./filter-condition.ts";
import { parseFieldsPattern } from "./filter-fields.ts";
import { parseJsonPattern } from "./filter-json.ts";

/** Whether a log event's message matches. */
export type MessageFilter = (message: string) => boolean;

const MAX_PATTERN_LENGTH = 1024;

/**
 * Compiles a CloudWatch Logs filter pattern (terms, JSON or space-delimited); an absent or empty one matches all.
 * @throws AwsError InvalidParameterException for a pattern AWS refuses
 */
export function compileFilterPattern(pattern: string | undefined): MessageFilter {
  const text = pattern?.trim() ?? "";
  if (text === "") return () => true;
  if (text.length > MAX_PATTERN_LENGTH) {
    throw new AwsError(
      "InvalidParameterException",
      `1 validation error detected: Value at 'filterPattern' failed to satisfy constraint: Member must have length less than or equal to ${MAX_PATTERN_LENGTH}`,
    );
  }
  const scanner = new PatternScanner(text);
  try {
    if (text.startsWith("{")) return parseJsonPattern(scanner);
    if (text.startsWith("[")) return parseFieldsPattern(scanner);
    return parseTerms(scanner);
  } catch (error) {
    if (error instanceof FilterPatternError) throw new AwsError("InvalidParameterException", "Invalid filter pattern");
    throw error;
  }
}

type Term = { sign: "" | "?" | "-"; matches: MessageFilter };

function parseTerms(scanner: PatternScanner): MessageFilter {
  const terms: Term[] = [];
  while (!scanner.isAtEnd) {
    const sign = (scanner.read(/[?-]/y) ?? "") as Term["sign"];
    terms.push({ sign, matches: readTerm(scanner) });
  }
  const required = terms.filter((term) => term.sign === "");
  const excluded = terms.filter((term) => term.sign === "-");
  const optional = terms.filter((term) => term.sign === "?");
  // Beside terms to include or exclude, AWS ignores the optional ones.
  const isAny = required.length + excluded.length === 0;
  return (message) =>
    isAny
      ? optional.some((term) => term.matches(message))
      : required.every((term) => term.matches(message)) && !excluded.some((term) => term.matches(message));
}

function readTerm(scanner: PatternScanner): MessageFilter {
  const regex = scanner.readRegex();
  if (regex) return (message) => regex.test(message);
  const phrase = scanner.readQuoted();
  if (phrase !== null) return phrase.trim() === "" ? () => true : (message) => message.includes(phrase);
  // Anything but letters, digits and underscore has to stand in quotes.
  const word = scanner.read(/[\p{L}\p{N}_]+(?=\s|$)/uy);
  if (word === null) throw new FilterPatternError("a term with other characters needs quotes");
  return (message) => message.includes(word);
}
