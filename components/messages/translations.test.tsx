import type { ReactNode } from "react";
import { expect, test, vi } from "vitest";
import { useSaid, useTranslations } from "#translations";
import { markupOf } from "@/components/fixtures/in-language.tsx";
import type { Sentence } from "@/lib/domain/sentence/sentence.ts";
import { orText, say } from "@/lib/domain/sentence/sentence.ts";
import { compiledRoom } from "@/lib/messages/catalogues.ts";
import type { Language } from "@/lib/messages/language.ts";
import { createTranslator } from "./translator.ts";

function Role({ name }: { name: string }) {
  const t = useTranslations("layout");
  return <p title={t("menu")}>{t.rich("role", { role: name, b: (chunks) => <b>{chunks}</b> })}</p>;
}

function Said({ sentence, english }: { sentence: Sentence | undefined; english?: string }) {
  return <p>{useSaid()(sentence, english)}</p>;
}

const render = (language: Language, element: ReactNode) => markupOf(element, language);

test("a component says its room's sentences in the reader's language, tags drawn and values as text", () => {
  expect(render("en", <Role name="<i>admin</i>" />)).toBe('<p title="Menu">Role: <b>&lt;i&gt;admin&lt;/i&gt;</b></p>');
  expect(render("ko", <Role name="admin" />)).toBe('<p title="메뉴">역할: <b>admin</b></p>');
});

test("what a rule said is said in Korean, and in English stays as it came", () => {
  const sentence = say("freeze.waitOrLift");
  expect(render("ko", <Said sentence={sentence} english="as it came" />)).toContain("롤백");
  expect(render("en", <Said sentence={sentence} english="as it came" />)).toBe("<p>as it came</p>");
  expect(render("ko", <Said sentence={undefined} english="as it came" />)).toBe("<p>as it came</p>");
  expect(render("ko", <Said sentence={{ code: "of.later", params: {} }} english="as it came" />)).toContain("as it");
});

test("what brings its own English is said in it where the browser has no such sentence", () => {
  const brought = orText(say("awsError.silent", { seconds: 5 }), "No answer for 5 s");
  const drawn = (language: Language) => render(language, <Said sentence={brought as Sentence} />);
  expect(drawn("en")).toBe("<p>No answer for 5 s</p>");
  expect(drawn("ko")).toContain("5초");
});

test("a tag inside a tag is one child, which React takes without a key", () => {
  const told = vi.spyOn(console, "error").mockImplementation(() => {});
  const sentence = createTranslator("en", "waits", compiledRoom("en", "waits"));
  const drawn = sentence.rich("endsAt", {
    time: () => <time>03:10</time>,
    what: "this goes LIVE",
    left: () => <b>12:41</b>,
    quiet: (chunks) => <i>{chunks}</i>,
  });
  expect(render("en", drawn)).toBe("At <time>03:10</time> this goes LIVE <i>(in <b>12:41</b>)</i>");
  expect(told).not.toHaveBeenCalled();
  told.mockRestore();
});

test("a sentence that was not sent is shown as its key and told to the console", () => {
  const told = vi.spyOn(console, "error").mockImplementation(() => {});
  expect(createTranslator("en", "layout", undefined)("menu")).toBe("layout.menu");
  expect(told).toHaveBeenCalledOnce();
});
