import { type CliArgument, type CliCommand, renderCommand } from "../manual/cli-command.ts";
import { inEnglish } from "../sentence/in-language.ts";
import type { Sentence } from "../sentence/sentence.ts";
import type { Fix } from "./readiness.ts";

/** What an earlier line put into a shell variable. */
export const variable = (name: string) => ({ variable: name });

/** The AWS CLI's commands for one Region, one line or assignment each. */
export interface Shell {
  /** A command whose answer nobody needs. */
  run(...argv: readonly CliArgument[]): string;
  /** A command whose one value, found by `query`, a variable takes. */
  take(into: string, query: string, ...argv: readonly CliArgument[]): string;
}

/** IAM has no Regions; everything else is told its own, whatever the shell's settings are. */
export function shellFor(region: string): Shell {
  const argvOf = ([service = "", operation = "", ...rest]: readonly CliArgument[]) =>
    service === "iam" || service === "sts"
      ? ["aws", service, operation, ...rest]
      : ["aws", service, operation, "--region", region, ...rest];
  const render = (command: Omit<CliCommand, "purpose">) => renderCommand({ purpose: "", ...command });
  return {
    run: (...argv) => render({ argv: argvOf(argv) }),
    take: (into, query, ...argv) => render({ argv: [...argvOf(argv), "--query", query, "--output", "text"], into }),
  };
}

/** A fix in words alone: what there is no command for. */
export function byHand(words: Sentence, template: string | null = null): Fix {
  return { ...wordsMembers(words), cli: [], template };
}

/** What to do, as a fix has it. */
export function wordsMembers(said: Sentence): Pick<Fix, "words" | "wordsSaid"> {
  return { words: inEnglish(said), wordsSaid: said };
}

/** Commands to paste in one piece, and the template that makes the same. */
export function byCommands(template: string | null, cli: readonly string[], words: Sentence | null = null): Fix {
  return { ...(words ? wordsMembers(words) : { words }), cli, template };
}

/** The account's id. */
export const ACCOUNT = "ACCOUNT";

/** Takes the account's id into `ACCOUNT`. */
export function takeAccount({ take }: Shell): string {
  return take(ACCOUNT, "Account", "sts", "get-caller-identity");
}
