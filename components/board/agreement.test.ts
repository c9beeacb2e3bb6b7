import { expect, it } from "vitest";
import { inWords } from "@/components/fixtures/in-words.ts";
import { degraded, unverified, waiting } from "@/components/fixtures/scenes.ts";
import { deployment, NOW, snapshot } from "@/components/fixtures/snapshots.ts";
import type { Deployment } from "@/lib/domain/deployment/deployment.ts";
import { say } from "@/lib/domain/sentence/sentence.ts";
import type { ApplicationSnapshot } from "@/lib/domain/snapshot/snapshot.ts";
import { AGREEMENT_SHAPES, agreement } from "./agreement.ts";
import type { RequestsVerdict } from "./request-facts.ts";

const judge = (...of: Parameters<typeof agreement>) => inWords(agreement(...of));

const NONE: RequestsVerdict = { tone: "none" };
const DONE: RequestsVerdict = { tone: "done" };
const UNMEASURED: RequestsVerdict = { tone: "unmeasured" };
const STRAY: RequestsVerdict = {
  tone: "fault",
  words: say("board.requests.disagree"),
  detail: say("board.told", { what: "green has weight 0 and 40 %" }),
};
const STICKY: RequestsVerdict = {
  tone: "explained",
  words: say("board.requests.sticky"),
  detail: say("board.told", { what: "for a while" }),
};

const shifting = snapshot({ deployment: deployment("PRODUCTION_TRAFFIC_SHIFT", "IN_PROGRESS") });
const foreign = snapshot({
  ...unverified,
  traffic: { ...snapshot().traffic, weights: { blue: 80, green: 20 }, live: "split" },
});
const weightless = snapshot({ traffic: { ...snapshot().traffic, weights: { blue: 0, green: 0 }, live: "unknown" } });

it.each<[string, ApplicationSnapshot, RequestsVerdict, string, string]>([
  ["a release waits and blue is live", waiting, UNMEASURED, "agree", "They agree"],
  ["requests go where both say", waiting, DONE, "agree", "All three agree"],
  ["there is no deployment yet, and requests go where the listener says", snapshot(), DONE, "agree", "Both agree"],
  ["there is nothing beside the listener", snapshot(), UNMEASURED, "unknown", "Nothing to compare"],
  ["the weights are being changed", shifting, UNMEASURED, "moving", "Moving now"],
  ["sticky clients are still on the old side", waiting, STICKY, "moving", "Sticky clients stay"],
  ["somebody else changed the weights", foreign, DONE, "disagree", "They disagree"],
  ["another target group is in the rule", degraded, DONE, "disagree", "Not as expected"],
  ["no side has any weight", weightless, UNMEASURED, "disagree", "No side is live"],
  ["requests go to a side without weight", waiting, STRAY, "disagree", "Requests disagree"],
  ["nothing is requested", waiting, NONE, "noTraffic", "No traffic"],
])("when %s", (_when, value, requests, state, words) => {
  const verdict = judge(value, requests, value.traffic.readAt);
  expect([verdict.state, verdict.words]).toEqual([state, words]);
  expect(AGREEMENT_SHAPES[verdict.state]).toBeTruthy();
  if (verdict.state === "disagree") expect(verdict.detail).toBeTruthy();
});

it.each<[string, number, string]>([
  ["before the write", -1, "moving"],
  ["while it was being read back", 30, "moving"],
  ["at its read-back", 40, "moving"],
  ["after its read-back", 41, "disagree"],
])("a listener that was read %s is %i ms newer than the write: %s", (_when, ms, state) => {
  const shift = { to: "green" as const, expected: { blue: 100, green: 0 }, sentAt: NOW, readBackMs: 40 };
  const read = (value: ApplicationSnapshot, live: "blue" | "green") => {
    const weights = { blue: live === "blue" ? 100 : 0, green: live === "green" ? 100 : 0 };
    return snapshot({ ...value, traffic: { ...snapshot().traffic, weights, live, readAt: NOW + ms } });
  };
  const plan = { shift } as Deployment["plan"];
  const switched = deployment("POST_PRODUCTION_TRAFFIC_SHIFT", "IN_PROGRESS", { plan });
  const back = { ...plan, shift: { ...shift, to: "blue" } } as Deployment["plan"];
  const rolledBack = deployment("POST_PRODUCTION_TRAFFIC_SHIFT", "SUCCEEDED", {
    plan: back,
    status: "ROLLBACK_SUCCESSFUL",
    finishedAt: NOW + 50,
  });
  const values = [
    read(snapshot({ deployment: switched }), "blue"),
    read(snapshot({ deployment: null, lastDeployment: rolledBack }), "green"),
  ];
  for (const value of values) expect(judge(value, UNMEASURED, NOW + 900).state).toBe(state);
});

it("says a disagreement in a sentence, and the same aloud", () => {
  expect(judge(foreign, DONE, foreign.traffic.readAt)).toMatchObject({
    detail: "The deployment made green live, the listener holds blue 80, green 20",
    spoken: "They disagree: The deployment made green live, the listener holds blue 80, green 20",
  });
});

it("says the same aloud while only figures change", () => {
  const other = { ...STRAY, detail: say("board.told", { what: "green has weight 0 and 41 %" }) } as RequestsVerdict;
  expect(judge(waiting, other, NOW).spoken).toBe(judge(waiting, STRAY, NOW).spoken);
});

it("claims no agreement on an old reading, but still a disagreement", () => {
  const later = NOW + 60 * 60_000;
  expect(judge(waiting, DONE, later)).toMatchObject({ state: "unknown", words: "Not known now" });
  expect(judge(foreign, DONE, later).state).toBe("disagree");
});
