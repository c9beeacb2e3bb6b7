import { describe, expect, it } from "vitest";
import { type AlarmRule, evaluateAlarm } from "./alarm-evaluation.ts";

const TREATMENTS = ["missing", "ignore", "breaching", "notBreaching"] as const;
const START = Date.UTC(2018, 8, 16, 0, 20);

/** "X" breaches a threshold of 1, "0" does not, "-" is missing. */
function rangeOf(picture: string) {
  return [...picture].map((sign, index) => ({
    at: START + index * 60_000,
    value: sign === "-" ? null : sign === "X" ? 14 : 0,
  }));
}

function rule(changes: Partial<AlarmRule>): AlarmRule {
  return {
    threshold: 1,
    comparison: "GreaterThanOrEqualToThreshold",
    evaluationPeriods: 3,
    datapointsToAlarm: 3,
    treatMissing: "missing",
    ...changes,
  };
}

describe("alarm evaluation", () => {
  // The tables of AWS's page on missing data: three of three datapoints, then two of three.
  it.each([
    [3, "0-X-X", "OK", "OK", "OK", "OK"],
    [3, "0----", "OK", "OK", "OK", "OK"],
    [3, "-----", "INSUFFICIENT_DATA", "kept", "ALARM", "OK"],
    [3, "0XX-X", "ALARM", "ALARM", "ALARM", "ALARM"],
    [3, "--X--", "ALARM", "kept", "ALARM", "OK"],
    [2, "0-X-X", "ALARM", "ALARM", "ALARM", "ALARM"],
    [2, "00X0X", "ALARM", "ALARM", "ALARM", "ALARM"],
    [2, "0-X--", "OK", "OK", "ALARM", "OK"],
    [2, "----0", "OK", "OK", "ALARM", "OK"],
    [2, "---X-", "ALARM", "kept", "ALARM", "OK"],
  ])("with %i of 3 datapoints to alarm judges %s as AWS does", (datapointsToAlarm, picture, ...expected) => {
    const states = TREATMENTS.map((treatMissing) => {
      const verdict = evaluateAlarm(rule({ datapointsToAlarm, treatMissing }), rangeOf(picture));
      return verdict?.state ?? "kept";
    });
    expect(states).toEqual(expected);
  });

  it("lets the newest datapoints decide where there are enough", () => {
    const one = rule({ evaluationPeriods: 2, datapointsToAlarm: 1, treatMissing: "breaching" });
    expect(evaluateAlarm(one, rangeOf("X-00"))?.state).toBe("OK");
  });

  it.each([
    ["GreaterThanThreshold", 1, false],
    ["GreaterThanThreshold", 1.1, true],
    ["GreaterThanOrEqualToThreshold", 1, true],
    ["GreaterThanOrEqualToThreshold", 0.9, false],
    ["LessThanThreshold", 1, false],
    ["LessThanThreshold", 0.9, true],
    ["LessThanOrEqualToThreshold", 1, true],
    ["LessThanOrEqualToThreshold", 1.1, false],
  ] as const)("%s of 1 finds %d breaching: %s", (comparison, value, isBreaching) => {
    const one = rule({ comparison, evaluationPeriods: 1, datapointsToAlarm: 1 });
    expect(evaluateAlarm(one, [{ at: START, value }])?.state).toBe(isBreaching ? "ALARM" : "OK");
  });

  it.each([
    [
      rule({ evaluationPeriods: 1, datapointsToAlarm: 1 }),
      "X",
      "Threshold Crossed: 1 out of the last 1 datapoints [14.0 (16/09/18 00:20:00)] was greater than or equal to the threshold (1.0) (minimum 1 datapoint for OK -> ALARM transition).",
    ],
    [
      rule({ datapointsToAlarm: 2 }),
      "X0X",
      "Threshold Crossed: 2 out of the last 3 datapoints [14.0 (16/09/18 00:22:00), 14.0 (16/09/18 00:20:00)] were greater than or equal to the threshold (1.0) (minimum 2 datapoints for OK -> ALARM transition).",
    ],
    [
      rule({ evaluationPeriods: 1, datapointsToAlarm: 1, threshold: 0.5 }),
      "0",
      "Threshold Crossed: 1 out of the last 1 datapoints [0.0 (16/09/18 00:20:00)] was not greater than or equal to the threshold (0.5) (minimum 1 datapoint for ALARM -> OK transition).",
    ],
    [
      rule({ evaluationPeriods: 1, datapointsToAlarm: 1, treatMissing: "notBreaching" }),
      "-",
      "Threshold Crossed: no datapoints were received for 1 period and 1 missing datapoint was treated as [NonBreaching].",
    ],
    [
      rule({ treatMissing: "breaching" }),
      "---",
      "Threshold Crossed: no datapoints were received for 3 periods and 3 missing datapoints were treated as [Breaching].",
    ],
    [rule({}), "---", "Insufficient Data: 3 datapoints were unknown."],
  ])("gives AWS's reason, case %#", (given, picture, reason) => {
    expect(evaluateAlarm(given, rangeOf(picture))?.reason).toBe(reason);
  });
});
