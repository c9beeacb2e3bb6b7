import { describe, expect, test } from "vitest";
import { parseConfigFile } from "./config-file.ts";

const START = `applications:
  - name: library
    cluster: main
    listener: { loadBalancer: library-alb, port: 80 }
    blue: { service: library-blue, targetGroup: library-blue-tg }
    green: { service: library-green, targetGroup: library-green-tg }
`;

function parsed(lines: string) {
  return parseConfigFile(`${START}${lines}\n`, "switchyard.yaml", {});
}

describe("approvals in switchyard.yaml", () => {
  test("only the number is needed", () => {
    const result = parsed("    approvals: { release: { approvers: 2 } }");
    expect(result).toMatchObject({
      ok: true,
      file: {
        applications: [
          {
            approvals: {
              release: {
                approvers: 2,
                requesterMayApprove: false,
                from: { roles: ["approver"], addresses: [], claims: [] },
                timeLimitMinutes: 1440,
                onTimeLimit: "ROLLBACK",
              },
              switch: null,
            },
          },
        ],
      },
    });
  });

  test("nobody has to approve where nothing is said", () => {
    expect(parsed("")).toMatchObject({
      ok: true,
      file: { applications: [{ approvals: { release: null, switch: null } }] },
    });
  });

  test.each([
    [
      "    approvals: { release: { approvers: 0 } }",
      "switchyard.yaml:7:40 applications[0].approvals.release.approvers",
      "0 is not valid",
      "1 to 10",
    ],
    [
      "    approvals: { release: { approvers: 1, timeLimitMinutes: 20161 } }",
      "switchyard.yaml:7:61 applications[0].approvals.release.timeLimitMinutes",
      "20161 is not valid",
      "1 to 20160",
    ],
    [
      "    approvals: { release: { approvers: 1, onTimeLimit: STOP } }",
      "switchyard.yaml:7:56 applications[0].approvals.release.onTimeLimit",
      '"STOP" is not valid',
      "ROLLBACK, CONTINUE",
    ],
    [
      "    approvals: { release: { approvers: 1, from: { roles: [operator] } } }",
      "switchyard.yaml:7:59 applications[0].approvals.release.from.roles[0]",
      '"operator" is not valid',
      "approver, admin",
    ],
    [
      "    approvals: { release: { approvers: 1, from: {} } }",
      "switchyard.yaml:7:49 applications[0].approvals.release.from",
      "{} is not valid",
      "leave it out for everybody with the role approver",
    ],
    [
      "    approvals: { rollback: { approvers: 1 } }",
      "switchyard.yaml:7:18 applications[0].approvals.rollback",
      "there is no such setting",
      "remove it; known here: release, switch",
    ],
    [
      "    approvals: { release: { approvers: 1, requesterMayAprove: true } }",
      "switchyard.yaml:7:43 applications[0].approvals.release.requesterMayAprove",
      "there is no such setting",
      "did you mean requesterMayApprove?",
    ],
    [
      "    quietHours: [{ name: n, start: soon, timeZone: UTC, duration: PT1H }]",
      "switchyard.yaml:7:36 applications[0].quietHours[0].start",
      '"soon" is not valid',
      "local time",
    ],
    [
      "    quietHours: [{ name: n, start: 2026-01-05T22:00, timeZone: Berlin, duration: PT1H }]",
      "switchyard.yaml:7:64 applications[0].quietHours[0].timeZone",
      '"Berlin" is not valid',
      "Europe/Berlin",
    ],
    [
      "    quietHours: [{ name: n, start: 2026-01-05T22:00, timeZone: UTC, duration: 8h }]",
      "switchyard.yaml:7:79 applications[0].quietHours[0].duration",
      '"8h" is not valid',
      "PT8H",
    ],
    [
      "    freezeWindows: [{ name: n, start: 2026-13-45T22:00, timeZone: UTC, duration: PT1H }]",
      "switchyard.yaml:7:39 applications[0].freezeWindows[0].start",
      '"2026-13-45T22:00" is not valid',
      "local time",
    ],
    [
      "    freezeWindows: [{ name: n, start: 2026-01-05T22:00, timeZone: UTC, rrule: FREQ=OFTEN, duration: PT1H }]",
      "switchyard.yaml:7:79 applications[0].freezeWindows[0].rrule",
      '"FREQ=OFTEN" is not valid',
      "RRULE of RFC 5545",
    ],
  ])("%s", (lines, where, message, fix) => {
    const result = parsed(lines);
    const problems = result.ok ? [] : result.problems;
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ where, message });
    expect(problems[0]?.fix).toContain(fix);
  });
});
