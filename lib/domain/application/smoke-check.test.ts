import { expect, test } from "vitest";
import { judgeSmoke, type SmokeAnswer } from "./smoke-check.ts";

const CHECK = { path: "/health", status: 200, text: "UP", timeoutSeconds: 10 };
const ASKED = { at: 1, tries: 1, url: "http://t/health", tookMs: 12 };
const judge = (answer: SmokeAnswer, check = CHECK) => judgeSmoke(check, answer, ASKED);

test.each<[string, SmokeAnswer, boolean, string]>([
  ["as expected", { status: 200, body: '{"status":"UP"}', location: null }, true, 'answered 200 with "UP" in 12 ms'],
  [
    "another status",
    { status: 503, body: "warming up", location: null },
    false,
    'should answer 200 with "UP"; it answered 503 with "warming up"',
  ],
  [
    "the status without the text",
    { status: 200, body: "DOWN", location: null },
    false,
    'should answer 200 with "UP"; it answered 200 with "DOWN"',
  ],
  [
    "a redirect",
    { status: 302, body: "", location: "https://evil.example/" },
    false,
    "it answered 302 leading to https://evil.example/, which is not followed without a text",
  ],
  ["nothing", { status: null, failure: "no answer came (ECONNREFUSED)" }, false, "; no answer came (ECONNREFUSED)"],
])("judges %s", (_what, answer, ok, words) => {
  const result = judge(answer);
  expect(result).toMatchObject({ ok, url: ASKED.url, tries: 1 });
  expect(result.message).toContain(words);
});

test("somebody else's text is one line, without control characters, and cut to length", () => {
  const { got, message } = judge({ status: 500, body: `<b>\u001b[31m\r\n\u202e${"x".repeat(5_000)}`, location: null });
  expect(got).toMatch(/^<b> \[31m x+…$/);
  expect(message.length).toBeLessThan(400);
});

test.each(["NFC", "NFD"] as const)("the text is found in an answer in %s, whichever it is configured in", (form) => {
  for (const text of ["정상".normalize("NFC"), "정상".normalize("NFD")]) {
    const check = { path: "/", status: 200, text, timeoutSeconds: 5 };
    expect(judgeSmoke(check, { status: 200, body: `상태: ${"정상".normalize(form)}`, location: null }, ASKED).ok).toBe(
      true,
    );
  }
});
