import { expect, test } from "vitest";
import { markupOf } from "@/components/fixtures/in-language.tsx";
import { NOW, revision, snapshot } from "@/components/fixtures/snapshots.ts";
import { worstFirst } from "@/components/overview/application-rows.ts";
import { ClockProvider } from "@/components/ui/clock.tsx";
import type { Role } from "@/lib/domain/access/role.ts";
import type { ApplicationSnapshot } from "@/lib/domain/snapshot/snapshot.ts";
import type { Language } from "@/lib/messages/language.ts";
import { RollbackBanner } from "./rollback-banner.tsx";

const turned: ApplicationSnapshot = snapshot({
  automaticRollback: {
    deploymentId: "dep-1",
    at: NOW - 20_000,
    isOver: true,
    side: "green",
    revision: revision("1.5.0", 45),
    message: "green answered 17.1 % of its requests with 5xx (6 of 35), and 5 % is allowed",
    lines: [{ at: NOW, taskId: "t", text: "ERROR <b>GET /books 500</b>" }],
  },
});

const render = (value: ApplicationSnapshot, role: Role | null = "operator", language: Language = "en") =>
  markupOf(
    <ClockProvider serverNow={NOW}>
      <RollbackBanner snapshot={value} role={role} acknowledge={async () => ({ ok: true, value: null })} />
    </ClockProvider>,
    language,
  );
const textOf = (markup: string) => markup.replace(/<[^>]+>/g, "").replace(/\s+/g, " ");

test("says who rolled back, when, why and with which lines, as text", () => {
  const text = textOf(render(turned));
  expect(text).toContain(
    "Rolled back by Switchyard 20 s ago: green answered 17.1 % of its requests with 5xx (6 of 35), and 5 % is allowed.",
  );
  expect(text).toContain("No pipeline deploys 1.5.0 again until a person has acknowledged it.");
  expect(text).toContain("ERROR &lt;b&gt;GET /books 500&lt;/b&gt;");
});

test("an operator may acknowledge it, a viewer reads which role it needs", () => {
  expect(render(turned)).not.toContain("Acknowledging needs the role operator");
  expect(render(turned, "viewer")).toContain("Acknowledging needs the role operator");
});

test("is not there once it was acknowledged, and says while traffic is still being moved back", () => {
  expect(render(snapshot())).toBe("");
  const { automaticRollback } = turned;
  const going = snapshot({ automaticRollback: automaticRollback && { ...automaticRollback, isOver: false } });
  expect(textOf(render(going))).toContain("Switchyard has been rolling back for 20 s: green answered");
});

test("stands before every other application in the overview", () => {
  const names = worstFirst([
    snapshot({ name: "a", alarms: [{ severity: "fault", message: "x", since: NOW }] }),
    { ...turned, name: "z" },
  ]).map(({ name }) => name);
  expect(names).toEqual(["z", "a"]);
});

test("a Korean reader reads it in Korean, with AWS's names, figures and log lines as they are", () => {
  const text = textOf(render(turned, "viewer", "ko"));
  expect(text).toContain("20초 전 Switchyard가 롤백함");
  expect(text).toContain("1.5.0");
  expect(text).toContain("확인하려면 operator 역할이 필요합니다");
  expect(text).not.toMatch(/Rolled back|Acknowledg|No pipeline/);
});
