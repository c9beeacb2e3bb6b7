import type { Told } from "../sentence/told.ts";

/** What an earlier command put into a shell variable. */
interface Variable {
  variable: string;
}

/** One argument: text, a variable, or pieces of both that make one word. */
export type CliArgument = string | Variable | readonly (string | Variable)[];

/** One command of the AWS CLI, as data. */
export interface CliCommand {
  /** What it does, in a few words. */
  purpose: Told;
  argv: readonly CliArgument[];
  /** A program that its output goes through. */
  filter?: readonly CliArgument[];
  /** The shell variable that takes its output. */
  into?: string;
}

const PLAIN = /^[\w@%+:,./-][\w@%+=:,./-]*$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what a terminal must not be sent.
const CONTROL = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029]/;

/** A word that sh, bash and zsh read back as exactly this text, whatever is in it. */
export function quote(text: string): string {
  if (PLAIN.test(text)) return text;
  if (!CONTROL.test(text)) return `'${text.replaceAll("'", "'\\''")}'`;
  // Only this form can name what would otherwise act on the terminal that it is pasted into.
  const escaped = [...text].map((character) => {
    if (character === "'" || character === "\\") return `\\${character}`;
    if (!CONTROL.test(character)) return character;
    return [...new TextEncoder().encode(character)].map((byte) => `\\x${byte.toString(16).padStart(2, "0")}`).join("");
  });
  return `$'${escaped.join("")}'`;
}

/** One command as a shell takes it. Options begin lines of their own where it is long. */
export function renderCommand({ argv, filter, into }: CliCommand): string {
  const command = renderArguments(argv);
  const piped = filter ? `${command} |\n  ${filter.map(word).join(" ")}` : command;
  return into ? `${into}=$(${piped})` : piped;
}

/**
 * All of them in one piece to paste. They run in a shell of their own, which ends at the first that fails and says before each
 * what it does, as `words` says it; nothing of it depends on how the person's shell reads comments.
 */
export function renderScript(commands: readonly CliCommand[], words: (told: Told) => string): string {
  if (commands.length === 0) return "";
  const lines = commands.flatMap((command) => [`echo ${quote(words(command.purpose))}`, renderCommand(command)]);
  return ["(", "set -e", "export AWS_PAGER=", ...lines, ")", ""].join("\n");
}

const LONG = 100;

function renderArguments(argv: readonly CliArgument[]): string {
  const words = argv.map(word);
  const line = words.join(" ");
  if (line.length <= LONG) return line;
  return words.map((each, index) => (index > 0 ? `${isOption(argv[index]) ? " \\\n  " : " "}${each}` : each)).join("");
}

function isOption(argument: CliArgument | undefined): boolean {
  return typeof argument === "string" && argument.startsWith("--");
}

function word(argument: CliArgument): string {
  if (typeof argument === "string") return quote(argument);
  if ("variable" in argument) return `"$${argument.variable}"`;
  return argument.map((piece) => (typeof piece === "string" && piece === "" ? "" : word(piece))).join("");
}
