import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { signatureOf } from "./signature.ts";
import { fillTemplates, readTemplates, scoreKinds } from "./signature-corpus.ts";

const templates = readTemplates(readFileSync(new URL("signature-templates.txt", import.meta.url), "utf8"));

/** The same numbers every time (Lehmer's generator). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

test("kinds of error are told by what they say, whatever differs from one time to the next: precision and recall of 0.98", () => {
  const corpus = fillTemplates(templates, 20, seeded(7));
  const { precision, recall } = scoreKinds(corpus, signatureOf);
  const split = templates.filter(
    (_, kind) => new Set(corpus.filter((each) => each.kind === kind).map(({ text }) => signatureOf(text))).size > 1,
  );
  expect({ precision: precision >= 0.98, recall: recall >= 0.98, split: recall >= 0.98 ? [] : split }).toEqual({
    precision: true,
    recall: true,
    split: [],
  });
});

test.each([
  ["objects by their message", '{"level":"error","msg":"a"}', '{"level":"error","msg":"b"}'],
  [
    "objects by their error",
    '{"msg":"failed","err":{"type":"A","message":"x"}}',
    '{"msg":"failed","err":{"type":"B","message":"x"}}',
  ],
  ["logfmt by its message", 'level=error msg="a"', 'level=error msg="b"'],
  ["words", "connection refused", "connection reset"],
])("tells %s apart", (_what, one, other) => {
  expect(signatureOf(one)).not.toBe(signatureOf(other));
});

test.each([
  ["an object that says nothing", '{"a":1}', '{"a":2}'],
  ["an object that is cut", '{"msg":"a 1', '{"msg":"a 2'],
  ["Korean in either form", "대출 실패 17".normalize("NFC"), "대출 실패 18".normalize("NFD")],
  ["short ids", "request 8f1c failed", "request 1a2b failed"],
])("takes %s for one kind", (_what, one, other) => {
  expect(signatureOf(one)).toBe(signatureOf(other));
});

/** Every form in one expression, at every place: what the quicker choice of forms has to come to. */
const EVERY_FORM = new RegExp(
  [
    /\b\d{4}-\d\d-\d\d[T ][\d:.,]+(?:Z|[+-]\d\d:?\d\d)?/,
    /\b[\w.+-]{1,64}@[\w-]+\.[\w.-]+/,
    /\b[0-9a-f]{8}-[0-9a-f-]{27}\b/,
    /\b(?:[0-9a-f]{1,4}:){3,}[0-9a-f:]*/,
    /"[^"]*"|'[^']*'/,
    /\b(?=[a-f]*\d)[0-9a-f]{8,}\b|\b(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{4,}\b/,
    /\d+(?:\.\d+)*/,
    /\s+/,
  ]
    .map(({ source }) => source)
    .join("|"),
  "gi",
);

test("no form is missed by trying it only on lines that have what it is made of", () => {
  const piece = fc.constantFrom(
    ...[
      "a",
      "F",
      "7",
      "2026-11-30",
      "T",
      " ",
      "  ",
      "\t",
      "\u00a0",
      ":",
      "::1",
      "@",
      ".",
      "-",
      "'",
      '"',
      "kim@example.com",
    ],
    ...["fe80:0:0:", "0b1d2c3e-1111-2222-3333-444455556666", "DEADBEEF1", "12:00:00.123Z", "timeout", "대출", "m"],
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
      const text = pieces.join("");
      const wanted = text.replace(EVERY_FORM, (found) => (/^["']/.test(found) ? '"#"' : /^\s/.test(found) ? " " : "#"));
      expect(signatureOf(text)).toBe(wanted.trim());
    }),
    { numRuns: 2000 },
  );
});

test("a long line is one kind however it is written, and is cut between characters", () => {
  const line = `대출 실패: ${"도서관 회원 한도 초과 ".repeat(60)}`;
  expect(signatureOf(line.normalize("NFD"))).toBe(signatureOf(line));
  for (const character of ["🚨", "👩‍👩‍👧‍👦", "🇰🇷", "각"])
    for (let at = 0; at < character.length; at++)
      expect(signatureOf(`${"x".repeat(300 - at)}${character.repeat(40)}`).replaceAll(character, "")).toMatch(/^x+$/);
});
