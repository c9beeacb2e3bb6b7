import { expect, test } from "vitest";
import { markupOf } from "@/components/fixtures/in-language.tsx";
import { NOW, slot, snapshot } from "@/components/fixtures/snapshots.ts";
import { SourceAges } from "./source-ages.tsx";

const text = (markup: string) =>
  markup
    .replace(/<[^>]+>/g, " ")
    .replace(/\s+/g, " ")
    .trim();

const READ = snapshot({
  observedAt: NOW - 4000,
  answeredAt: NOW - 1000,
  sources: [
    { name: "ecs", state: "ok", ageMs: 2000 },
    { name: "elb", state: "ok", ageMs: 0 },
    { name: "cloudwatch", state: "ok", ageMs: 40_000 },
  ],
  slots: { blue: slot("blue", { targetsReadAt: NOW - 9000 }), green: slot("green", { targetsReadAt: NOW - 70_000 }) },
});

test("each part of the board names what it was read from; its age is that of the side read longer ago", () => {
  const markup = markupOf(<SourceAges snapshot={READ} />);
  const times = [...markup.matchAll(/dateTime="([^"]+)"/gi)].map(([, at = ""]) => NOW - Date.parse(at));
  expect(times).toEqual([NOW - READ.traffic.readAt, 3000, 70_000, 41_000]);
  for (const source of ["Weights: ELB", "Tasks: ECS", "Target health: ELB", "Requests: CloudWatch"])
    expect(text(markup)).toContain(source);
});

const UNREAD = { targetsReadAt: undefined };

test("what was never read has no age", () => {
  const unread = snapshot({ sources: [], slots: { blue: slot("blue", UNREAD), green: slot("green", UNREAD) } });
  expect(markupOf(<SourceAges snapshot={unread} />).match(/<li/g)).toHaveLength(1);
});

test("the same in Korean", () => {
  expect(text(markupOf(<SourceAges snapshot={READ} />, "ko"))).toContain("CloudWatch");
});
