import { expect, test } from "vitest";
import { actionStates } from "@/lib/domain/rules/action-rules.ts";
import type { Freeze } from "@/lib/domain/rules/freeze.ts";
import { describeIssues, fields, membersOnly } from "@/lib/request/input.ts";
import { refuse, refuseFor } from "@/lib/request/refusal.ts";
import { facts, NOW, observation } from "@/lib/testing/facts.ts";
import { problemResponse } from "./problem.ts";
import { inReadersLanguage } from "./problem-language.ts";

const freeze: Freeze = {
  id: "f-1",
  application: null,
  reason: "audit week",
  startedBy: "Kim",
  startedAt: NOW - 1_000,
  until: NOW + 60_000,
  liftedAt: null,
  liftedBy: null,
};

async function problemOfFreeze(acceptLanguage: string | null) {
  const { deploy } = actionStates(facts(observation(), { freeze }));
  const refusal = refuseFor(deploy.blockers);
  if (!refusal) throw new Error("A freeze stops a deploy");
  const request = new Request("http://x/");
  if (acceptLanguage !== null) request.headers.set("accept-language", acceptLanguage);
  const response = await inReadersLanguage(request, problemResponse(refusal));
  return { response, body: (await response.json()) as Record<string, unknown> & { blockers: unknown[] } };
}

test("a rule's sentence is answered in Korean to who asks for Korean; codes and values are the same", async () => {
  const english = await problemOfFreeze(null);
  const korean = await problemOfFreeze("ko-KR,ko;q=0.9,en;q=0.8");
  expect(english.body).toMatchObject({
    title: "Refused",
    detail: "Deployments of every application are frozen by Kim until 2027-01-15 08:01 UTC: audit week",
  });
  expect(korean.body).toMatchObject({
    title: "거부됨",
    detail: "Kim 님이 모든 애플리케이션의 배포를 2027-01-15 08:01 UTC까지 중단했습니다: audit week",
    fix: "그때까지 기다리거나 관리자에게 해제를 요청하세요. 롤백과 중단은 계속할 수 있습니다",
  });
  expect(korean.body.blockers[0]).toMatchObject({ code: "FROZEN", message: korean.body.detail });
  for (const same of ["type", "status", "code", "said", "fixSaid"])
    expect(korean.body[same]).toEqual(english.body[same]);
  expect(korean.response.headers.get("content-language")).toBe("ko");
  expect(korean.response.headers.get("vary")).toBe("accept-language, cookie");
  expect(korean.response.headers.get("retry-after")).toBe(english.response.headers.get("retry-after"));
});

test("a refusal that has no sentence yet keeps its English, and only problems are touched", async () => {
  const request = new Request("http://x/", { headers: { "accept-language": "ko" } });
  const plain = await inReadersLanguage(
    request,
    problemResponse({ ok: false, code: "NOT_FOUND", message: "There is no x" }),
  );
  expect(await plain.json()).toMatchObject({ title: "찾을 수 없음", detail: "There is no x", code: "NOT_FOUND" });
  const answer = Response.json({ title: "Refused" });
  expect(await inReadersLanguage(request, answer)).toBe(answer);
});

test("what a field should hold instead is said in the reader's language, down to what its schema says", async () => {
  const schema = membersOnly({ application: fields.application, color: fields.color, rollout: fields.rollout });
  const raw = { application: "library", color: "red", rollout: { strategy: "CANARY", percent: 5.55 }, colour: 1 };
  const { error } = schema.safeParse(raw);
  if (!error) throw new Error("it was understood");
  const request = new Request("http://x/", { headers: { "accept-language": "ko" } });
  const refusal = refuse("INVALID_INPUT", ...describeIssues(error, raw));
  const { detail, fix } = (await (await inReadersLanguage(request, problemResponse(refusal))).json()) as Problem;
  expect(detail).toBe(
    '이해할 수 없는 입력입니다: color 값이 "red"입니다; rollout.percent 값이 5.55입니다; colour 값이 1입니다',
  );
  expect(fix).toBe(
    'color: "blue" 또는 "green"를 지정하세요; rollout.percent: 0.1에서 100 사이의 값을 0.1 단위로 지정하세요(단위: %); colour: 빼세요. 여기서 쓸 수 있는 항목: application, color, rollout',
  );
});

interface Problem {
  detail: string;
  fix: string;
}
