import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { say } from "../sentence/sentence.ts";
import { toldIn } from "../sentence/told.ts";
import type { AuditRow } from "./audit.ts";
import { handoverMarkdown, handoverText, writeHandover } from "./handover.ts";

const START = Date.UTC(2026, 10, 25, 16, 0, 0);
const MINUTE = 60_000;

function row(minute: number, change: Partial<AuditRow>): AuditRow {
  return {
    id: `a-${minute}`,
    at: START + minute * MINUTE,
    actorId: "kim@example.com",
    actorName: "Kim",
    role: "operator",
    via: "session",
    address: null,
    action: "deployment.deploy",
    application: "library",
    deploymentId: "d-1",
    outcome: "done",
    code: null,
    message: "",
    reason: null,
    sequence: 100 + minute,
    ...change,
  };
}
const engine = { actorId: "engine", actorName: "Switchyard", role: null, via: "engine" } as const;
const ROWS: AuditRow[] = [
  row(0, {
    before: "blue 1.0.0",
    after: "green",
    message: "deploy: RELEASE of library from blue to green (PENDING)",
    reason: "fixes the search",
  }),
  row(4, {
    actorName: "Lee",
    role: "viewer",
    action: "deployment.approve",
    outcome: "refused",
    code: "FORBIDDEN",
    message: "approve needs the role approver; Lee has viewer",
  }),
  row(5, {
    actorName: "Max",
    role: "approver",
    action: "deployment.approve",
    message: "approve: RELEASE of library from blue to green (IN_PROGRESS)",
    reason: "looks good",
  }),
  row(6, {
    ...engine,
    action: "traffic.switched",
    before: "blue 1.0.0",
    after: "green 1.1.0",
    message: "The listener read back blue 0, green 100 after 412 ms",
    awsRequestIds: ["req-1"],
  }),
  row(16, {
    ...engine,
    action: "deployment.succeeded",
    before: "blue 1.0.0",
    after: "green 1.1.0",
    message: "RELEASE SUCCESSFUL at CLEAN_UP, verified",
    awsRequestIds: ["req-0", "req-1"],
  }),
];

test("a handover in Korean says rows with codes in Korean, and older ones as they are", () => {
  const scope = { kind: "deployment", deploymentId: "d-1", application: "library" } as const;
  const said = say("auditRow.asked", {
    ...{ verb: "deploy", kind: "RELEASE", application: "library", from: "blue", to: "green", status: "PENDING" },
  });
  const text = handoverText(
    writeHandover(scope, [{ ...(ROWS[0] as AuditRow), said }, ...ROWS.slice(1)], START, false, (told) =>
      toldIn(told, "ko"),
    ),
  );
  expect(text).toContain("인수인계: library 배포 d-1");
  expect(text).toContain("deploy: library RELEASE, blue → green (PENDING) (사유: fixes the search)");
  expect(text).toContain("approve needs the role approver; Lee has viewer");
  expect(text).toContain("거부 또는 실패한 시도 1건");
});

describe("a handover", () => {
  const ofDeployment = writeHandover(
    { kind: "deployment", deploymentId: "d-1", application: "library" },
    ROWS,
    START + 20 * MINUTE,
  );

  test("of a deployment as plain text", () => {
    expect(handoverText(ofDeployment)).toBe(`Handover: deployment d-1 of library

Written 2026-11-25 16:20:00Z from the audit, 5 rows, 100 to 116 of its chain. Times are UTC.

In short
  d-1, blue 1.0.0 -> green 1.1.0, asked for by Kim at 2026-11-25 16:00:00Z (reason: fixes the search); ended 2026-11-25 16:16:00Z: RELEASE SUCCESSFUL at CLEAN_UP, verified
  Acted: Kim, Lee, Max
  1 attempt refused or failed

What happened
  2026-11-25 16:00:00Z Kim (operator): deployment.deploy, blue 1.0.0 -> green. deploy: RELEASE of library from blue to green (PENDING) (reason: fixes the search)
  2026-11-25 16:05:00Z Max (approver): deployment.approve. approve: RELEASE of library from blue to green (IN_PROGRESS) (reason: looks good)
  2026-11-25 16:06:00Z Switchyard: traffic.switched, blue 1.0.0 -> green 1.1.0. The listener read back blue 0, green 100 after 412 ms [AWS req-1]
  2026-11-25 16:16:00Z Switchyard: deployment.succeeded, blue 1.0.0 -> green 1.1.0. RELEASE SUCCESSFUL at CLEAN_UP, verified [AWS req-0 req-1]

Refused or failed
  2026-11-25 16:04:00Z Lee (viewer): deployment.approve refused FORBIDDEN. approve needs the role approver; Lee has viewer
`);
  });

  test("of a deployment as Markdown", () => {
    const markdown = handoverMarkdown(ofDeployment);
    expect(markdown.split("\n").slice(0, 8)).toEqual([
      "# Handover: deployment d-1 of library",
      "",
      "Written 2026-11-25 16:20:00Z from the audit, 5 rows, 100 to 116 of its chain. Times are UTC.",
      "",
      "## In short",
      "",
      "- d-1, blue 1.0.0 -\\> green 1.1.0, asked for by Kim at 2026-11-25 16:00:00Z \\(reason: fixes the search\\); ended 2026-11-25 16:16:00Z: RELEASE SUCCESSFUL at CLEAN\\_UP, verified",
      "- Acted: Kim, Lee, Max",
    ]);
    expect(markdown).toContain("## Refused or failed\n\n- 2026-11-25 16:04:00Z Lee");
  });

  test("of hours says what is not ended, and what was left out", () => {
    const scope = { kind: "application", application: "library", from: START, to: START + 60 * MINUTE } as const;
    const text = handoverText(writeHandover(scope, ROWS.slice(0, 4), START + 60 * MINUTE, true));
    expect(text).toContain("from the audit from 2026-11-25 16:00:00Z to 2026-11-25 17:00:00Z, 4 rows");
    expect(text).toContain("; older rows were left out.");
    expect(text).toContain("d-1, blue 1.0.0 -> green 1.1.0, asked for by Kim");
    expect(text).toContain("not ended here; last moved traffic 2026-11-25 16:06:00Z: traffic.switched");
    expect(handoverText(writeHandover(scope, [], START))).toMatch(
      /In short\n {2}Nothing\n\nWhat happened\n {2}Nothing/,
    );
  });

  const of = (reason: string) => {
    const rows = [row(0, { reason, actorName: reason, message: reason })];
    return writeHandover({ kind: "deployment", deploymentId: "d-1", application: "library" }, rows, START);
  };

  test.each([
    ["a link", "[here](https://evil.example)", "\\[here\\]\\(https&#58;//evil.example\\)"],
    ["an image", "![x](//evil.example/a.png)", "\\!\\[x\\]\\(//evil.example/a.png\\)"],
    ["a tag", "<img src=x onerror=alert(1)>", "&lt;img src=x onerror=alert\\(1\\)\\>"],
    ["an entity", "&lt;b&gt;", "&amp;lt;b&amp;gt;"],
    ["a bare address", "see www.evil.example", "see www&#46;evil.example"],
    ["somebody to be told", "@everyone", "&#64;everyone"],
    ["a heading and a list of its own", "a\n# b\n- c", "a \\# b - c"],
    ["code", "`rm -rf`", "\\`rm -rf\\`"],
    ["letters turned round", "a\u202Eb", "ab"],
  ])("keeps %s from being more than words", (_what, reason, shown) => {
    expect(handoverMarkdown(of(reason))).toContain(`reason: ${shown}`);
  });

  test("has the same lines whatever strangers write", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 80 }), (reason) => {
        const markdown = handoverMarkdown(of(reason));
        expect(markdown.split("\n").filter((each) => each.startsWith("#"))).toHaveLength(4);
        expect(markdown.split("\n").filter((each) => each.startsWith("- "))).toHaveLength(4);
        expect(markdown).not.toMatch(/(?<!\\)[<[`]/);
        expect(handoverText(of(reason)).split("\n")).toHaveLength(14);
      }),
    );
  });
});
