import type { MalformedQueryException } from "@aws-sdk/client-cloudwatch-logs";
import { AwsError } from "../service.ts";

/** A query of CloudWatch Logs Insights, as far as the sandbox knows the language: fields, filter ... like, sort, limit. */
export interface InsightsQuery {
  fields: readonly string[];
  /** Every condition has to hold. */
  filters: readonly ((message: string, stream: string) => boolean)[];
  isOldestFirst: boolean;
  limit: number | undefined;
}

const FIELDS = new Set(["@timestamp", "@message", "@logStream", "@ingestionTime", "@log"]);
const MOST = 10_000;

/** @throws AwsError MalformedQueryException for what AWS would not compile, and for what the sandbox does not know */
export function parseInsightsQuery(text: string): InsightsQuery {
  const query = { fields: ["@timestamp", "@message"], filters: [], isOldestFirst: false, limit: undefined };
  const parsed: { -readonly [K in keyof InsightsQuery]: InsightsQuery[K] } = query;
  // A line that begins with # is a comment. Assumed of lines inside of a pattern, too: nobody could find out.
  for (const { command, at } of splitCommands(text.replaceAll(/^#.*$/gm, ""))) {
    const [, name = "", rest = ""] = /^(\S+)\s*([\s\S]*)$/.exec(command) ?? [];
    if (name === "fields") parsed.fields = readFields(rest, at);
    else if (name === "filter") parsed.filters = [...parsed.filters, readFilter(rest, at)];
    else if (name === "sort") parsed.isOldestFirst = readSort(rest, at);
    else if (name === "limit") parsed.limit = readLimit(rest, at);
    else throw malformed(`unexpected symbol found ${name} at line 1 and position ${at + 1}`, at);
  }
  return parsed;
}

/** The parts between pipes, which mean nothing inside of quotes and slashes. */
function splitCommands(text: string): { command: string; at: number }[] {
  const commands: { command: string; at: number }[] = [];
  let from = 0;
  let closing: string | null = null;
  for (let at = 0; at <= text.length; at++) {
    const character = text[at];
    if (closing !== null && character === "\\") at++;
    else if (closing !== null) {
      if (character === undefined || character === "\n" || character === "\r")
        throw malformed(
          `unexpected symbol found ${character ? "<EOL>" : "<EOF>"} at line 1 and position ${at + 1}`,
          at,
        );
      if (character === closing) closing = null;
    } else if (character === '"' || character === "'" || character === "/") closing = character;
    else if (character === "|" || character === undefined) {
      const command = text.slice(from, at).trim();
      if (command === "") throw malformed(`unexpected symbol found | at line 1 and position ${at + 1}`, at);
      commands.push({ command, at: from });
      from = at + 1;
    }
  }
  return commands;
}

function readFields(rest: string, at: number): string[] {
  const fields = rest.split(",").map((field) => field.trim());
  const unknown = fields.find((field) => !FIELDS.has(field));
  if (unknown === undefined) return fields;
  throw malformed(`unexpected symbol found ${unknown} at line 1 and position ${at + 1}`, at);
}

function readFilter(rest: string, at: number): (message: string, stream: string) => boolean {
  const [, field, isNot, quoted, pattern] =
    /^(@message|@logStream)\s+(not\s+)?like\s+(?:"((?:[^"\\]|\\.)*)"|\/((?:[^/\\]|\\.)+)\/)$/.exec(rest) ?? [];
  if (field === undefined) throw malformed(`unexpected symbol found ${rest.slice(0, 20)}`, at);
  const matches = quoted === undefined ? readPattern(pattern ?? "", at) : containing(unquoted(quoted));
  return (message, stream) => matches(field === "@message" ? message : stream) !== (isNot !== undefined);
}

/** In quotes `like` looks for the text as it is, in the same case. */
const containing = (text: string) => (value: string) => value.includes(text);
const unquoted = (text: string) => text.replaceAll(/\\(.)/g, "$1");

function readPattern(pattern: string, at: number): (value: string) => boolean {
  const [, flags = "", source = ""] = /^(?:\(\?([is]+)\))?([\s\S]*)$/.exec(pattern) ?? [];
  try {
    const regex = new RegExp(source, `${flags}u`);
    return (value) => regex.test(value);
  } catch {
    throw malformed(`invalid regular expression /${pattern}/`, at);
  }
}

function readSort(rest: string, at: number): boolean {
  const [, order = "asc"] = /^@timestamp(?:\s+(asc|desc))?$/.exec(rest) ?? [];
  if (!/^@timestamp(\s|$)/.test(rest)) throw malformed(`unexpected symbol found ${rest}`, at);
  return order === "asc";
}

function readLimit(rest: string, at: number): number {
  const limit = Number(rest);
  if (/^\d+$/.test(rest) && limit >= 1 && limit <= MOST) return limit;
  throw malformed(`the limit must be between 1 and ${MOST}`, at);
}

function malformed(message: string, at: number): AwsError {
  const compileError: MalformedQueryException["queryCompileError"] = {
    location: { startCharOffset: at, endCharOffset: at },
    message,
  };
  return new AwsError("MalformedQueryException", message, 400, { queryCompileError: compileError });
}
