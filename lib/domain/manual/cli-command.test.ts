import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { englishOf } from "../sentence/told.ts";
import { type CliCommand, quote, renderCommand, renderScript } from "./cli-command.ts";

const NASTY = [
  "plain-name_1",
  "",
  "two words",
  "it's",
  '"double" and `back` and $HOME and $(touch x) and \\',
  "-leading-dash",
  "=zsh",
  "~root",
  "*?[a]{b,c}!",
  "first\nsecond",
  "tab\tbell\u0007escape\u001b[31m",
  "한글 é \u2028 \u0085",
  "; rm -rf / #",
  "'",
  "\\'",
];

test.each(["bash", "sh"])("%s reads back exactly what was quoted", (shell) => {
  // The form for control characters is not known to every sh.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: told apart here.
  const texts = shell === "sh" ? NASTY.filter((text) => !/[\u0000-\u0009\u000b-\u001f\u0085\u2028]/.test(text)) : NASTY;
  const script = `printf '%s\\0' ${texts.map(quote).join(" ")}`;
  const read = execFileSync(shell, ["-c", script], { encoding: "utf8", env: { ...process.env, LC_ALL: "C.UTF-8" } });
  expect(read.split("\0").slice(0, -1)).toEqual(texts);
});

test("what is shown sends nothing to a terminal but text and newlines", () => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: none of these may be left.
  expect(NASTY.map(quote).join("")).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029]/);
});

test("a long command has a line for each option, a variable is quoted and filled by what came before", () => {
  const commands: CliCommand[] = [
    { purpose: "Look", argv: ["aws", "ecs", "x"], filter: ["jq", ".a b"], into: "FOUND" },
    {
      purpose: "It's done; now $(what)",
      argv: ["aws", "y", "--name", { variable: "FOUND" }, "--long", "w ".repeat(60)],
    },
  ];
  expect(renderCommand(commands[0] as CliCommand)).toBe("FOUND=$(aws ecs x |\n  jq '.a b')");
  expect(renderScript(commands, englishOf)).toBe(
    [
      "(",
      "set -e",
      "export AWS_PAGER=",
      "echo Look",
      "FOUND=$(aws ecs x |\n  jq '.a b')",
      "echo 'It'\\''s done; now $(what)'",
      `aws y \\\n  --name "$FOUND" \\\n  --long '${"w ".repeat(60)}'`,
      ")",
      "",
    ].join("\n"),
  );
  expect(renderScript([], englishOf)).toBe("");
});
