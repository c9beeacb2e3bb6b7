import { expect, test } from "vitest";
import { markupOf } from "@/components/fixtures/in-language.tsx";
import { NOW } from "@/components/fixtures/snapshots.ts";
import { ClockProvider } from "@/components/ui/clock.tsx";
import type { Incident } from "@/lib/domain/incident/incident.ts";
import type { Language } from "@/lib/messages/language.ts";
import { incidentRow, stoppedTask } from "@/lib/testing/test-rows.ts";
import { IncidentList } from "./incident-list.tsx";
import { IncidentView } from "./incident-view.tsx";

const EVIL = '<img src=x onerror="alert(1)">';
const plain = incidentRow();
const incident: Incident = incidentRow({
  title: `Release to green was rolled back: ${EVIL}`,
  deployment: {
    id: "d-1",
    kind: "RELEASE",
    status: "ROLLBACK_SUCCESSFUL",
    from: "blue",
    to: "green",
    revision: null,
    fromRevision: null,
    startedAt: NOW,
    reason: null,
  },
  sides: {
    blue: { ...plain.sides.blue, metrics: [{ at: NOW, requests: 40, errors: 2, p95Ms: 12, averageMs: 3 }] },
    green: {
      ...plain.sides.green,
      tasks: [stoppedTask("3e91c0d2f1", NOW)],
      targets: [{ id: "10.0.3.14", port: 8080, state: "unhealthy", reason: "Target.Timeout", description: EVIL }],
    },
  },
  timeline: [{ at: NOW, about: "task", side: "green", text: `Task 3e91c0d2 stopped ${EVIL}`, isBad: true }],
  newErrors: [{ signature: "s", counts: { blue: 0, green: 3 }, firstAt: NOW, example: EVIL }],
  lines: [{ id: "l-1", at: NOW, slot: "green", taskId: "3e91c0d2f1", stream: "s", level: "error", text: EVIL }],
  changes: [{ field: "library: image", before: "library:1.0.0", after: null }],
  lastGood: {
    deploymentId: "d-0",
    finishedAt: NOW,
    revision: null,
    stages: [{ stage: "SCALE_UP", good: 31, now: null }],
  },
  missing: ["The journal could not be read: away"],
  masked: [{ name: "named secret", count: 2 }],
});

const render = (language: Language = "en", shown = incident) =>
  markupOf(
    <ClockProvider serverNow={NOW}>
      <IncidentView incident={shown} />
    </ClockProvider>,
    language,
  );

test("shows all that was kept, with a way to its deployment, its lines and its export", () => {
  const markup = render();
  for (const part of [
    "Target.Timeout",
    "library exited with code 1",
    "40 requests in the last minute that was metered, 2 answered 5xx",
    "library:1.0.0",
    "31 s",
    "Missing: The journal could not be read: away",
    "named secret: 2 times",
    'href="/library/deployments/d-1"',
    `href="/library/logs?at=${NOW}&amp;line=l-1"`,
    'href="/api/v1/applications/library/incidents/i-1?download=html"',
  ])
    expect(markup).toContain(part);
});

test("text of others is text wherever it stands", () => {
  expect(render()).not.toContain("<img");
  expect(render().split("&lt;img").length).toBeGreaterThan(5);
});

test("is in Korean for those who read it", () => {
  const markup = render("ko");
  expect(markup).toContain("시간순 기록");
  expect(markup).toContain("가려진 비밀 정보");
  expect(markup).not.toContain("Timeline");
});

test("says what was not there instead of leaving it out", () => {
  const markup = render("en", plain);
  for (const words of [
    "Nothing",
    "could not be compared",
    "There was none before.",
    "No line was kept.",
    "None was found.",
  ])
    expect(markup).toContain(words);
});

test("the list leads to each page, and says so when there is none", () => {
  const list = (incidents: Parameters<typeof IncidentList>[0]["incidents"]) =>
    markupOf(
      <ClockProvider serverNow={NOW}>
        <IncidentList application="library" incidents={incidents} />
      </ClockProvider>,
    );
  expect(list([{ ...plain, deploymentId: null }])).toContain('href="/library/incidents/i-1"');
  expect(list([])).toContain("Nothing has gone wrong");
});
