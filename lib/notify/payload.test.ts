import { createHmac, timingSafeEqual } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { Notification } from "../domain/notification/notification.ts";
import { nextTryAt, retryAfterMs } from "./back-off.ts";
import { genericPayload, slackPayload } from "./payload.ts";
import { signatureOf } from "./signature.ts";

const BASE = "https://switchyard.example.com/";
const event = (change: Partial<Notification> = {}): Notification => ({
  id: "d-1:traffic.switched",
  application: "library",
  deploymentId: "d-1",
  kind: "traffic.switched",
  title: "library: switched to 1.2.0 (green)",
  text: "By Kim: ship it.",
  deepLinkPath: "/library/deployments/d-1",
  at: 1_800_000_000_000,
  ...change,
});

describe("payloads", () => {
  test("the generic one is what docs/notifications.md shows", () => {
    expect(JSON.parse(genericPayload(event(), BASE))).toEqual({
      version: 1,
      id: "d-1:traffic.switched",
      event: "traffic.switched",
      application: "library",
      deployment: "d-1",
      title: "library: switched to 1.2.0 (green)",
      text: "By Kim: ship it.",
      url: "https://switchyard.example.com/library/deployments/d-1",
      at: 1_800_000_000_000,
    });
  });

  test.each([
    "<!channel> <https://evil.example|Open in Switchyard> & <@U1>",
    "*bold* _slanted_ ~gone~ `code` https://evil.example @here :tada:",
  ])("Slack's one shows a stranger's text as it is: %s", (hostile) => {
    const body = JSON.parse(slackPayload(event({ title: hostile, text: hostile }), BASE, "en"));
    expect(body.mrkdwn).toBe(false);
    expect(body.text).not.toMatch(/[<>]/);
    expect(JSON.stringify(body.blocks)).not.toMatch(/mrkdwn/);
    expect(body.blocks[0].elements[0].elements).toEqual([
      { type: "text", text: hostile, style: { bold: true } },
      { type: "text", text: `\n${hostile}\n` },
      { type: "link", url: "https://switchyard.example.com/library/deployments/d-1", text: "Open in Switchyard" },
    ]);
  });

  test("Slack's one stays below Slack's limit, with no half character at its end", () => {
    for (let shift = 0; shift < 3; shift++) {
      const body = JSON.parse(slackPayload(event({ text: `${"x".repeat(shift)}${"😀".repeat(2000)}` }), BASE, "en"));
      const shown = body.blocks[0].elements[0].elements[1].text as string;
      expect(shown.length).toBeLessThanOrEqual(2903);
      expect(shown).toMatch(/(😀|\uFFFD)…\n$/u);
      expect(shown.isWellFormed()).toBe(true);
    }
  });
});

test("a receiver can check the signature as the documentation shows", () => {
  const body = genericPayload(event(), BASE);
  const header = signatureOf("a-signing-secret", body, 1_800_000_000_999);
  const [, seconds, digest] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(header) ?? [];
  expect(seconds).toBe("1800000000");
  const expected = createHmac("sha256", "a-signing-secret").update(`${seconds}.${body}`).digest();
  expect(timingSafeEqual(expected, Buffer.from(digest ?? "", "hex"))).toBe(true);
});

describe("back-off", () => {
  test("doubles from a second to an hour, half of it by chance", () => {
    const wait = (attempts: number, random: number) => (nextTryAt({ attempts, createdAt: 0 }, 0, random) ?? 0) / 1000;
    expect([1, 2, 3, 4, 12, 13, 20].map((n) => wait(n, 1))).toEqual([1, 2, 4, 8, 2048, 3600, 3600]);
    expect(wait(1, 0)).toBe(0.5);
    expect(wait(13, 0)).toBe(1800);
  });

  test("gives up once the next try would come after a day, or after sixty tries", () => {
    const day = 86_400_000;
    expect(nextTryAt({ attempts: 1, createdAt: 0 }, day - 1000, 1)).toBe(day);
    expect(nextTryAt({ attempts: 1, createdAt: 0 }, day - 999, 1)).toBeNull();
    expect(nextTryAt({ attempts: 60, createdAt: 0 }, 0, 1)).toBeNull();
  });

  test.each([
    [null, 0],
    ["7", 7000],
    [" 7 ", 7000],
    ["-7", 0],
    ["soon", 0],
    ["Fri, 15 Jan 2027 08:00:07 GMT", 7000],
    ["Fri, 15 Jan 2027 07:00:00 GMT", 0],
  ])("reads Retry-After %j as %d ms", (header, expected) => {
    expect(retryAfterMs(header, Date.parse("2027-01-15T08:00:00Z"))).toBe(expected);
  });
});
