import { expect, test } from "vitest";
import { englishOf } from "../sentence/told.ts";
import type { Incident } from "./incident.ts";
import { incidentHtml } from "./incident-html.ts";

/* The file of a post-mortem is opened by people who trust it: whatever tasks, people and AWS wrote is text in it. */

/** Markup, ends of what it may stand in, escapes, marks that turn the reading direction, half a character. */
const HOSTILE = [
  "<script>alert(1)</script>",
  '"><img src=x onerror=alert(1)>',
  "</pre></td></table></style><svg onload=alert(1)>",
  "<!--",
  "&lt;b&gt;",
  "' onmouseover='x",
  "\u202Etxt.exe\u2066",
  "\u001b[31mred\u0000\u009b",
  "\ud83d",
  "line\n<h1>of another</h1>",
].join(" ");
const AT = Date.UTC(2026, 10, 29, 3, 10);
const revision = { taskDefinition: HOSTILE, image: HOSTILE, tag: HOSTILE, digest: HOSTILE };
const side = {
  role: "live" as const,
  revision,
  counts: { desired: 2, running: 1, healthy: 0, total: 2 },
  tasks: [
    {
      ...{ id: HOSTILE, lastStatus: HOSTILE, startedAt: AT, stoppedAt: AT, stopCode: HOSTILE, stoppedReason: HOSTILE },
      containers: [{ name: HOSTILE, exitCode: 1, reason: HOSTILE, image: HOSTILE, lastStatus: HOSTILE }],
    },
  ],
  targets: [{ id: HOSTILE, port: 8081, state: "unhealthy", reason: HOSTILE, description: HOSTILE }],
  metrics: [],
};
const line = (slot: "blue" | "green" | null) => ({
  ...{ id: HOSTILE, at: AT, slot, taskId: HOSTILE, text: HOSTILE, level: "error", stream: HOSTILE },
});
const INCIDENT = {
  ...{ id: HOSTILE, application: HOSTILE, at: AT, kind: "task-stopped", title: HOSTILE, weights: null },
  deployment: {
    ...{ id: HOSTILE, kind: "RELEASE", status: "FAILED", from: "blue", to: "green", startedAt: AT, reason: HOSTILE },
    ...{ revision, fromRevision: revision },
  },
  sides: { blue: side, green: side },
  timeline: [{ at: AT, about: "log", side: "green", text: HOSTILE, isBad: true }],
  newErrors: [{ signature: HOSTILE, counts: { blue: 0, green: 3 }, firstAt: AT, example: HOSTILE }],
  lines: [line("blue"), line("green"), line(null)],
  changes: [{ field: HOSTILE, before: HOSTILE, after: HOSTILE }],
  lastGood: {
    ...{ deploymentId: HOSTILE, finishedAt: AT, revision },
    stages: [{ stage: HOSTILE, good: 1, now: null }],
  },
  missing: [HOSTILE],
  masked: [{ name: HOSTILE, count: 2 }],
} as unknown as Incident;
/** Every tag that the page has of its own, as it writes it. */
const OWN =
  /^<(?:!doctype html|html lang="en"|meta (?:charset="utf-8"|name="viewport" content="[\w=,-]+"|http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'")|td class="bad"|\/?(?:html|head|title|style|body|h1|h2|p|pre|table|thead|tbody|tr|th|td))>$/;

test("nothing that others wrote is markup, and nothing of it runs", () => {
  const html = incidentHtml(INCIDENT, AT, englishOf, "en");
  const tags = html.match(/<[^>]*>?/g) ?? [];
  expect(tags.filter((tag) => !OWN.test(tag))).toEqual([]);
  expect(html.match(/<(?:h1|title|style|body)>/g)).toHaveLength(4);
  // The page's own time, and each hostile text whole.
  expect(html.split("&lt;script&gt;alert(1)&lt;/script&gt;").length).toBeGreaterThan(30);
  expect(html).toContain("&amp;lt;b&amp;gt;");
});

test("no control, no mark that turns the reading direction and no half character is left in it", () => {
  const html = incidentHtml(INCIDENT, AT, englishOf, "en");
  expect(html.replace(/[\n\t]/g, "")).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
  expect(html.isWellFormed()).toBe(true);
});

test("a line of several rows cannot pass for another one", () => {
  const html = incidentHtml(INCIDENT, AT, englishOf, "en");
  const logs = [...html.matchAll(/<pre>([^<]*)<\/pre>/g)].map(([, text = ""]) => text);
  expect(logs).toHaveLength(3);
  for (const text of logs) for (const row of text.split("\n")) expect(row).toMatch(/^(?:2026-11-29 03:10:00Z |\s{4})/);
});
