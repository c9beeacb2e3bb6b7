import { expect, test } from "vitest";
import { markupOf } from "@/components/fixtures/in-language.tsx";
import type { WayIn } from "@/lib/domain/observation/way-in.ts";
import { say } from "@/lib/domain/sentence/sentence.ts";
import { ReceiptWays } from "./receipt-ways.tsx";
import { WaysInRow } from "./ways-in-row.tsx";

const way = (changes: Partial<WayIn>): WayIn => ({
  arn: `${changes.listener}/${changes.priority}`,
  listener: "library-alb:80",
  protocol: "HTTP",
  priority: null,
  takes: "every other request",
  weights: { blue: 100, green: 0 },
  others: [],
  use: "production",
  ...changes,
});
const API = way({ priority: 5, takes: "path /api/*", weights: { blue: 0, green: 1 }, use: "other" });
const text = (markup: string) =>
  markup
    .replace(/<[^>]+>/g, " ")
    .replace(/\s+/g, " ")
    .trim();

test("the board tells every way in with its weights and whether a switch moves it", () => {
  const more = way({ listener: "library-alb:443", others: [{ name: "canary-tg", weight: 3 }] });
  const told = text(markupOf(<WaysInRow ways={[way({}), more, API]} />));
  expect(told).toContain("library-alb:80 : blue 100, green 0 moves with a switch");
  expect(told).toContain("library-alb:443 : blue 100, green 0, canary-tg 3");
  expect(told).toContain("library-alb:80 rule 5 (path /api/*) : blue 0, green 1 stays where it is");
});

test("the one way in that everybody has needs no list", () => {
  expect(markupOf(<WaysInRow ways={[way({})]} />)).toBe("");
  expect(markupOf(<ReceiptWays ways={[way({})]} />)).toBe("");
});

test("a receipt says which ways move and which stay", () => {
  const told = text(markupOf(<ReceiptWays ways={[way({}), API]} />));
  expect(told).toContain("Moves the default action of library-alb:80, now blue 100, green 0");
  expect(told).toContain("Stays rule 5 (path /api/*) of library-alb:80, now blue 0, green 1");
});

test("what nothing reaches says so, on board and receipt, and test traffic by a rule is told apart from a listener's", () => {
  const ways = [
    way({}),
    way({ ...API, shadowedBy: "Rule 1 comes first and takes every request" }),
    way({ ...API, priority: 7, takes: "header X-Preview: yes", use: "test" }),
  ];
  const reach = "never reached: Rule 1 comes first and takes every request";
  const board = text(markupOf(<WaysInRow ways={ways} />));
  expect(board).toContain(`stays where it is, ${reach}`);
  expect(board).toContain("rule 7 (header X-Preview: yes) : blue 0, green 1 test rule");
  const receipt = text(markupOf(<ReceiptWays ways={ways} />));
  expect(receipt).toContain(reach);
  expect(receipt).toContain("the test rule");
});

test("what a rule takes is said in the reader's language, and a further target group that it leads through is named", () => {
  const takesSaid = say("condition.path", { values: say("list.or", { before: "/api/*", last: "/v2/*" }) });
  const internal = way({ ...API, takes: "path /api/* or /v2/*", takesSaid, through: ["library-internal-tg"] });
  const board = (language?: "ko") => text(markupOf(<WaysInRow ways={[way({}), internal]} />, language));
  expect(board()).toContain("rule 5 (path /api/* or /v2/*) → library-internal-tg : blue 0, green 1");
  expect(board("ko")).toContain("규칙 5 (경로 /api/* 또는 /v2/*) → library-internal-tg : blue 0, green 1");
  const receipt = (language?: "ko") => text(markupOf(<ReceiptWays ways={[way({}), internal]} />, language));
  expect(receipt()).toContain("rule 5 (path /api/* or /v2/*) of library-alb:80 (through library-internal-tg), now");
  expect(receipt("ko")).toContain("library-alb:80의 규칙 5 (경로 /api/* 또는 /v2/*)(library-internal-tg 경유)");
});
