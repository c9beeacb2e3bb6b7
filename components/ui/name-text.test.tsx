import { expect, test } from "vitest";
import { markupOf } from "@/components/fixtures/in-language.tsx";
import { CutName, LongName } from "./name-text.tsx";

const SHA = "0123456789abcdef0123456789abcdef01234567";
const TAG = `github-sha-${SHA}`;
const shown = (markup: string) => markup.replace(/<[^>]+>/g, "");

test("a short tag is plain text, with nothing to press", () => {
  expect(markupOf(<LongName text="1.1.0" label="the tag" />)).not.toContain("<button");
});

test("a long tag can be focused and pressed, says its whole name to readers, and holds it whole in its tip", () => {
  const markup = markupOf(<LongName text={TAG} label="the tag of blue" />);
  expect(markup).toContain(`aria-label="${TAG}, copy the tag of blue"`);
  expect(markup.slice(markup.indexOf('role="tooltip"'))).toContain(TAG);
});

test("what gives way is the beginning: the end stands in a part of its own that never shrinks", () => {
  const markup = markupOf(<CutName text={TAG} />);
  expect(markup).toContain('<span class="shrink-0">cdef01234567</span>');
  expect(shown(markup)).toBe(TAG);
});

test("beside a tag with the same beginning and end, what differs is shown", () => {
  const [one, other] = [`${"a".repeat(50)}1${"b".repeat(70)}`, `${"a".repeat(50)}2${"b".repeat(70)}`];
  expect(markupOf(<CutName text={one} beside={other} />)).toContain('<span class="shrink-0">aa1bbbbbbbbb…</span>');
});
