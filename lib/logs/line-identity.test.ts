import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { MAX_LINE_LENGTH } from "../domain/log/plain-text.ts";
import { encodeEvent } from "../streams/event-stream.ts";
import { LineNumbering, setLineKey, toTailedLine } from "./line-identity.ts";

const raw = (message: string) => ({ at: 1000, ingestedAt: 1000, stream: "s", message, eventId: "1" });

test.each<[string, string, string]>([
  ["a NUL", "ERROR a\u0000b", "ERROR ab"],
  ["a lone high surrogate", "ERROR a\ud83d", "ERROR a\ud83d"],
  ["a lone low surrogate", "ERROR \udea8b", "ERROR \udea8b"],
  ["a right-to-left override", "ERROR safe\u202etxt.exe", "ERROR safetxt.exe"],
  ["isolates", "ERROR \u2066a\u2069", "ERROR a"],
  ["markup", "ERROR <img src=x onerror=alert(1)>", "ERROR <img src=x onerror=alert(1)>"],
  ["a link of a terminal", "ERROR \u001b]8;;https://evil.example\u0007x\u001b]8;;\u0007", "ERROR x"],
  ["a title of a terminal", "\u001b]0;owned\u0007ERROR x", "ERROR x"],
  ["events inside of an event", "ERROR x\n\nevent: status\ndata: {}\n\n", "ERROR x\n\nevent: status\ndata: {}"],
  ["what ends a line to some", "ERROR a\u2028b", "ERROR a\u2028b"],
])("a line with %s is text, keeps its level, and is one event of the stream", (_, message, text) => {
  const line = toTailedLine(raw(message), "id");
  expect(line.text).toBe(text);
  expect(line.level).toBe("error");
  const event = new TextDecoder().decode(encodeEvent("line", "l-1", [line]));
  expect(event.match(/^event:/gm)).toHaveLength(1);
  expect(event.match(/^data:/gm)).toHaveLength(1);
  const [, data = ""] = /^data: ?([^\n]*)$/m.exec(event) ?? [];
  expect(JSON.parse(data)).toEqual([line]);
});

test.each([
  ["of one character", "x".repeat(1_000_000)],
  ["of JSON", JSON.stringify({ level: "error", message: "대출 실패 ".repeat(100_000) })],
  ["of emoji", "🚨".repeat(250_000)],
  ["of combining marks", `e${"\u0301".repeat(500_000)}`],
  ["of escapes", "\u001b[31m".repeat(200_000)],
  ["of secrets", "password=hunter2 ".repeat(60_000)],
])("an event of a megabyte %s is cut and stays well-formed", (_, message) => {
  const { text } = toTailedLine(raw(message), "id");
  expect(text.length).toBeLessThan(MAX_LINE_LENGTH * 3);
  expect(text.isWellFormed()).toBe(true);
  expect(text).not.toContain("hunter2");
});

test("a malformed event has an id of its own, and the same one again", () => {
  const ids = ["a\ud83d", "a\udea8", "a"].map((message) => new LineNumbering().idOf(raw(message)));
  expect(new Set([...ids, ...ids]).size).toBeGreaterThanOrEqual(2);
  expect(new LineNumbering().idOf(raw("a\ud83d"))).toBe(ids[0]);
});

test("a terminal's colours come with a line, but not where something in it was masked: the places would be others", () => {
  const red = "\u001b[31mERROR\u001b[0m";
  expect(toTailedLine(raw(`${red} x`), "id")).toMatchObject({
    text: "ERROR x",
    colours: [{ from: 0, to: 5, colour: "red" }],
  });
  const masked = toTailedLine(raw(`${red} pass\u001b[1mword=hunter2`), "id");
  expect(masked.text).toBe("ERROR password=[masked: named secret]");
  expect(masked).not.toHaveProperty("colours");
});

test("an id is the same wherever the secret is, and without it nobody can try out what the line masks", () => {
  const idOf = (secret: string, message: string) => {
    setLineKey(secret);
    return new LineNumbering().idOf(raw(message));
  };
  const id = idOf("one", "pin=1234");
  expect(idOf("one", "pin=1234")).toBe(id);
  expect(idOf("two", "pin=1234")).not.toBe(id);
  expect(idOf("one", "pin=1235")).not.toBe(id);
  for (const algorithm of ["sha1", "sha256", "md5"])
    expect(id).not.toContain(createHash(algorithm).update("s\0pin=1234").digest("base64url").slice(0, 16));
});
