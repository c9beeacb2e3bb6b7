import { expect, test } from "vitest";
import { APPROVAL_RULE, deployment, NOW, observation } from "../../testing/facts.ts";
import { aws, gate, look, settle, started } from "../../testing/followed.ts";
import type { Deployment } from "../deployment/deployment.ts";
import type { AwsDeployment, AwsGate } from "../observation/aws-deployment.ts";
import { deploymentNotifications } from "./deployment-notifications.ts";

/* Gates of AWS's: told when they open, some time before they end, and when they ended by themselves. */

const HOUR = 3_600_000;
const GREEN_LIVE = observation({ weights: { blue: 0, green: 100 } });
const open = (id: string, changes: Partial<AwsGate> = {}): AwsGate => ({
  ...gate(id),
  expiresAt: NOW + HOUR,
  ...changes,
});
const at = (stage: string, gates: AwsGate[], changes: Partial<AwsDeployment> = {}) => aws({ stage, gates, ...changes });
const told = (record: Deployment, now: number) =>
  deploymentNotifications(record, now).map(({ kind, title, text }) => ({ kind, title, text }));
const kinds = (record: Deployment, now: number) => deploymentNotifications(record, now).map(({ kind }) => kind);

const BEFORE = look([at("POST_TEST_TRAFFIC_SHIFT", [open("g-1")])]);
const waiting = settle(started(), BEFORE).deployment;
const HELD = look([at("POST_PRODUCTION_TRAFFIC_SHIFT", [open("w-1", { onExpiry: "CONTINUE" })])], GREEN_LIVE);
const held = settle(started(), HELD).deployment;

test("a gate is told when it opens, with what AWS does and when", () => {
  expect(told(waiting, NOW)).toEqual([
    {
      kind: "approval.wanted",
      title: "orders: 2 on green waits for a person",
      text: [
        "2 is healthy on green; blue (1) is live.",
        "By kim, who gave no reason.",
        "If nobody acts, at 2027-01-15 09:00 UTC this rolls back: blue stays live.",
      ].join("\n"),
    },
  ]);
});

test("and a quarter of its time before its end, half an hour at most, and no more once that is over", () => {
  expect(kinds(waiting, NOW + HOUR * 0.75 - 1)).toEqual(["approval.wanted"]);
  expect(told(waiting, NOW + HOUR * 0.75)[1]).toMatchObject({
    kind: "approval.expiring",
    title: "orders: 2 on green waits only until 2027-01-15 09:00 UTC",
  });
  expect(kinds(waiting, NOW + HOUR)).toEqual([]);
});

test("where AWS tells no end, the wait is told without one", () => {
  const endless = settle(
    started(),
    look([at("POST_TEST_TRAFFIC_SHIFT", [open("g-1", { expiresAt: null })])]),
  ).deployment;
  expect(told(endless, NOW + 30 * HOUR)).toMatchObject([
    {
      kind: "approval.wanted",
      text: expect.stringContaining("If nobody acts, AWS does not tell when this rolls back"),
    },
  ]);
});

test("each step's gate is told by itself", () => {
  const second = settle(waiting, look([at("PRE_PRODUCTION_TRAFFIC_SHIFT", [open("g-2")])]), NOW + 60_000).deployment;
  const [first, next] = [waiting, second].map((record) => deploymentNotifications(record, NOW + 60_000)[0]);
  expect([first?.kind, next?.kind]).toEqual(["approval.wanted", "approval.wanted"]);
  expect(next?.id).not.toBe(first?.id);
  expect(next?.at).toBe(NOW + 60_000);
});

test("with approvals, how many are missing is told, and the end that comes first", () => {
  const asked = settle(started({}, { approval: { ...APPROVAL_RULE, timeLimitMinutes: 30 } }), BEFORE).deployment;
  expect(told(asked, NOW)[0]?.text).toContain(
    "0 of 2 approvals. If nobody acts, at 2027-01-15 08:30 UTC this rolls back: blue stays live.",
  );
});

test("a gate that ended by itself is told with what AWS did", () => {
  const rolls = settle(
    waiting,
    look([at("POST_TEST_TRAFFIC_SHIFT", [open("g-1", { state: "TIMED_OUT" })], { status: "ROLLBACK_IN_PROGRESS" })]),
    NOW + HOUR,
  );
  expect(told(rolls.deployment, NOW + HOUR)).toMatchObject([
    {
      kind: "gate.expired",
      title: "orders: nobody answered for 2 on green, and its time is over",
      text: "AWS rolls back: blue stays live.",
    },
  ]);
  const elsewhere = settle(waiting, look([at("PRODUCTION_TRAFFIC_SHIFT", [open("g-1", { state: "SUCCEEDED" })])]));
  expect(kinds(elsewhere.deployment, NOW)).toEqual([]);
});

test("a window that AWS holds open is told at its start, ten minutes before its end, and when that came by itself", () => {
  expect(told(held, NOW).at(-1)).toEqual({
    kind: "window.opened",
    title: "orders: green is live, and blue is kept until 2027-01-15 09:00 UTC",
    text: [
      "A rollback to blue (1) is part of this deployment.",
      "If nobody closes the window by then, AWS closes the window: it bakes, then stops blue.",
    ].join("\n"),
  });
  expect(kinds(held, NOW + HOUR - 600_001)).not.toContain("window.closing");
  expect(kinds(held, NOW + HOUR - 600_000)).toContain("window.closing");
  const baking = settle(held, look([at("BAKE_TIME", [])], GREEN_LIVE), NOW + HOUR).deployment;
  expect(told(baking, NOW + HOUR)).toContainEqual({
    kind: "window.closed",
    title: "orders: nobody answered for the window, and its time is over",
    text: "AWS closes the window: it bakes, then stops blue.",
  });
});

test("a window that Switchyard keeps is told at its start and at its end, and not once it was closed by hand", () => {
  const over: Deployment = { ...deployment(), status: "SUCCESSFUL", finishedAt: NOW, windowMinutes: 60 };
  expect(kinds(over, NOW)).toEqual(["window.opened"]);
  expect(kinds(over, NOW + HOUR)).toEqual(["window.closed"]);
  expect(kinds({ ...over, retired: { slot: "blue", at: NOW } }, NOW + HOUR)).toEqual([]);
});

test("superseded, stopped, rolled back and failed are told as four different ends", () => {
  const newer = aws({ id: "newer", createdAt: NOW + 1 });
  const ends = [
    [newer, aws({ status: "STOPPED", finishedAt: NOW + 9 })],
    [aws({ status: "STOPPED", finishedAt: NOW + 9 })],
    [aws({ status: "ROLLBACK_SUCCESSFUL", finishedAt: NOW + 9 })],
    [aws({ status: "ROLLBACK_FAILED", finishedAt: NOW + 9 })],
  ].map(
    (shown) => deploymentNotifications(settle(started(), look(shown), NOW + 60_000).deployment, NOW + 10).at(-1)?.title,
  );
  expect(ends).toEqual([
    "orders: release of 2 to green superseded",
    "orders: release of 2 to green stopped",
    "orders: rolled back from 2 (green) to blue",
    "orders: the rollback from green to blue FAILED",
  ]);
});
