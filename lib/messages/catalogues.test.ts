import compile from "icu-minify/compile";
import { describe, expect, test } from "vitest";
import { CONSOLE_ROOMS, SAID_ROOMS, SERVER_ROOMS, SIGN_IN_ROOMS } from "../../components/messages/rooms.ts";
import { importsOf, PUT_IN, readSources, type SourceFile, textOf, walk } from "../testing/source-text.ts";
import { CATALOGUES, compiledRoom, sentRooms } from "./catalogues.ts";
import type { Namespace } from "./types.ts";

const { en: ENGLISH, ko: KOREAN } = CATALOGUES;
const ROOMS = Object.keys(ENGLISH) as Namespace[];
const MESSAGES = ROOMS.flatMap((room) =>
  Object.entries(ENGLISH[room]).map(([key, message]): [string, string, string] => [
    `${room}.${key}`,
    message,
    (KOREAN[room] as Readonly<Record<string, string>>)[key] ?? "",
  ]),
);

/** "{count}" and "<b>" for every placeholder and tag of a compiled message. */
function namesIn(parts: unknown): string[] {
  if (!Array.isArray(parts)) return [];
  return parts.filter(Array.isArray).flatMap((part: unknown[]) => {
    const [name, kind, branches] = part;
    const isArgument = part.length === 1 || (typeof kind === "number" && kind > 0);
    if (!isArgument) return [`<${name}>`, ...namesIn(part.slice(1))];
    return [`{${name}}`, ...Object.values(branches ?? {}).flatMap(namesIn)];
  });
}
const placeholdersOf = (message: string) => [...new Set(namesIn(compile(message)))].sort();

describe("both languages", () => {
  test("have the same rooms and keys", () => {
    expect(Object.keys(KOREAN)).toEqual(ROOMS);
    for (const room of ROOMS) expect(Object.keys(KOREAN[room]).sort(), room).toEqual(Object.keys(ENGLISH[room]).sort());
  });

  test("have the same placeholders and tags in every sentence", () => {
    const differ = MESSAGES.filter(([, en, ko]) => placeholdersOf(en).join() !== placeholdersOf(ko).join());
    expect(differ).toEqual([]);
  });

  test("differ in every sentence of several words", () => {
    const untranslated = MESSAGES.filter(([, en, ko]) => en === ko && /\p{L} +\p{L}/u.test(en));
    expect(untranslated).toEqual([]);
  });

  test("a placeholder that differs is found, however deep it stands", () => {
    expect(placeholdersOf("{n, plural, one {# of <b>{who}</b>} other {#}} {at, time}")).toEqual([
      "<b>",
      "{at}",
      "{n}",
      "{who}",
    ]);
  });
});

const sources = readSources(["app", "components", "lib"]).filter(({ path }) => !path.startsWith("lib/messages/"));

/** The texts in a file's code, templates with PUT_IN for what is put in. */
function textsIn(file: SourceFile): Set<string> {
  const texts = new Set<string>();
  walk(file.program, (node) => {
    const text = textOf(node);
    if (text !== null) texts.add(text);
  });
  return texts;
}

/** Whether a template such as "page.{}" may become this key. */
function mayBecome(template: string, key: string): boolean {
  const [before = "", ...after] = template.split(PUT_IN);
  return after.length > 0 && before.includes(".") && key.startsWith(before) && key.endsWith(after.at(-1) ?? "");
}

test("no sentence is there that nobody says", () => {
  const everyText = sources.map(textsIn);
  const isSaid = (texts: readonly string[], key: string) =>
    texts.some((text) => text === key || (text.includes(PUT_IN) && mayBecome(text, key)));
  const unsaid = ROOMS.flatMap((room) => {
    const here = everyText.filter((texts) => texts.has(room)).flatMap((texts) => [...texts]);
    const coded = everyText.flatMap((texts) => [...texts].filter((text) => text.startsWith(`${room}.`)));
    return Object.keys(ENGLISH[room])
      .filter((key) => !isSaid(here, key) && !isSaid(coded, `${room}.${key}`))
      .map((key) => `${room}.${key}`);
  });
  expect(unsaid).toEqual([]);
});

/** Every file that these import, and those import in turn. */
function reachedFrom(roots: readonly SourceFile[]): SourceFile[] {
  const byPath = new Map(sources.map((file) => [file.path, file]));
  const found = new Set(roots);
  for (const file of found)
    for (const path of importsOf(file)) {
      const next = byPath.get(path);
      if (next) found.add(next);
    }
  return [...found];
}

/** The rooms whose sentences these files say. */
function roomsIn(files: readonly SourceFile[]): string[] {
  const found = files.flatMap(({ text }) => [
    ...text.matchAll(/\b(?:useTranslations\(\s*"(\w+)"|say\(\s*["`](\w+)\.)/g),
  ]);
  return [...new Set(found.map(([, translated, said]) => translated ?? said ?? ""))].sort();
}

describe("the browser", () => {
  const client = sources.filter(({ isClient }) => isClient);
  const signIn = client.filter(({ path }) => path.startsWith("components/sign-in/"));
  const console_ = client.filter((file) => !signIn.includes(file));

  test("gets the rooms that its components say, and no other", () => {
    expect([...CONSOLE_ROOMS].sort()).toEqual(roomsIn(reachedFrom(console_)));
    expect([...SIGN_IN_ROOMS].sort()).toEqual(roomsIn(reachedFrom(signIn)));
  });

  test("gets neither the catalogues nor what reads messages: the server sends them compiled, in one language", () => {
    const reached = reachedFrom(client).map(({ path }) => path);
    const imported = reachedFrom(client).flatMap((file) => importsOf(file).map((path) => `${file.path} → ${path}`));
    expect(reached).toContain("components/layout/nav-rail.tsx");
    expect(imported.filter((each) => /lib\/messages\/(?:catalogues|english|korean)\.ts$/.test(each))).toEqual([]);
  });

  test("reads what it was sent as the same messages", () => {
    for (const language of ["en", "ko"] as const)
      for (const room of ROOMS)
        expect(JSON.parse(sentRooms(language, [room])[room] ?? ""), room).toEqual(compiledRoom(language, room));
  });

  test("gets in Korean what rules say, but for what the server alone puts into words", () => {
    const lib = sources.filter(({ path }) => path.startsWith("lib/"));
    const said = roomsIn(lib).filter((room) => !(CONSOLE_ROOMS as readonly string[]).includes(room));
    expect([...SAID_ROOMS, ...SERVER_ROOMS].sort()).toEqual(said);
  });
});
