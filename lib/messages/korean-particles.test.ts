import { describe, expect, test } from "vitest";
import { inLanguage } from "../domain/sentence/in-language.ts";
import { type Sentence, say } from "../domain/sentence/sentence.ts";
import { finalSound, withParticles } from "./korean-particles.ts";

test.each([
  ["대출 서비스", "none"],
  ["도서관", "other"],
  ["서울", "rieul"],
  ["서울".normalize("NFD"), "rieul"],
  ["library-1.0.0", "other"],
  ["library-1.0.2", "none"],
  ["포트 8081", "rieul"],
  ["blue", "none"],
  ["green", "other"],
  ["library-blue-tg", "none"],
  ["main (latest/nginx)", "none"],
  ["table", "rieul"],
  ["billing", "other"],
  ["web", null],
  ["(…)", null],
  ["", null],
])("%s ends in %s", (text, sound) => {
  expect(finalSound(text)).toBe(sound);
});

test.each([
  ["서비스 도서관이(가) 없습니다", "서비스 도서관이 없습니다"],
  ["서비스 catalog-blue을(를) 지정하세요", "서비스 catalog-blue를 지정하세요"],
  ["81(으)로 이동", "81로 이동"],
  ["80(으)로 이동", "80으로 이동"],
  ["db와(과) green과(와) 함께", "db와(과) green과 함께"],
  ["blue은(는) green(이)가 아니라", "blue는 green이 아니라"],
  ["web이(가) 없습니다", "web이(가) 없습니다"],
  ["부트스트랩 토큰 님이 중단했습니다", "부트스트랩 토큰이 중단했습니다"],
  ["김민지 님이 중단했습니다", "김민지 님이 중단했습니다"],
])("%s", (sentence, right) => {
  expect(withParticles(sentence)).toBe(right);
});

describe("a Korean sentence", () => {
  test("takes the particle of its value", () => {
    expect(inLanguage(say("finding.noService", { cluster: "main", name: "도서관" }), "ko")).toContain(
      "도서관이 없습니다",
    );
  });

  test("gives a person an honorific and a machine none", () => {
    const aborted = (by: string | Sentence) => inLanguage(say("step.aborted", { by }), "ko");
    expect(aborted("김민지")).toBe("김민지 님이 중단했습니다");
    expect(aborted(say("told.bootstrapToken"))).toBe("부트스트랩 토큰이 중단했습니다");
    expect(aborted(say("told.token", { name: "github" }))).toBe("github 토큰이 중단했습니다");
  });
});
