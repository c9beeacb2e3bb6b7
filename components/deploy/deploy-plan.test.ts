import { describe, expect, it } from "vitest";
import { formatBytes } from "@/components/ui/format-bytes.ts";
import { say } from "@/lib/domain/sentence/sentence.ts";
import { besidePlan, choiceWords, parseOther } from "./deploy-plan.ts";

const ARN = "arn:aws:ecs:ap-northeast-2:123456789012:task-definition/library:42";

describe("what the button below a plan says of a blocker", () => {
  const blocker = {
    ...{ code: "STANDBY_NOT_HEALTHY" as const, message: "No listener names the group", said: say("blocker.pushAgain") },
    ...{ fix: "aws elbv2 modify-listener", fixSaid: say("blocker.pushAgain") },
  };

  it("leaves out the command that stands in the plan above it", () => {
    const beside = besidePlan(blocker, { blockers: [blocker] });
    expect(beside).toEqual({ code: blocker.code, message: blocker.message, said: blocker.said });
  });

  it("has it where no plan shows it", () => {
    expect(besidePlan(blocker, null)).toBe(blocker);
    expect(besidePlan(blocker, { blockers: [] })).toBe(blocker);
    expect(besidePlan(blocker, { blockers: [{ ...blocker, message: "Another" }] })).toBe(blocker);
  });
});

describe("the field for anything else", () => {
  it.each([
    ["  ", null],
    ["two words", null],
    [ARN, { taskDefinition: ARN }],
    ["arn:aws:iam::123456789012:role/x", null],
    ["arn:aws:ecs:ap-northeast-2:123456789012:task-definition/library", null],
    ["registry.test:5000/library:1.2.0", { image: "registry.test:5000/library:1.2.0" }],
  ])("reads %j", (typed, choice) => expect(parseOther(typed)).toEqual(choice));

  it("names what was chosen shortly", () => {
    expect(choiceWords({ imageTag: "1.1.0" })).toBe("1.1.0");
    expect(choiceWords({ image: "host/team/library:1.1.0" })).toBe("library:1.1.0");
    expect(choiceWords({ taskDefinition: ARN })).toBe("library:42");
  });
});

it.each([
  [512, "512 B"],
  [84_212_345, "84 MB"],
  [1_250_000, "1.3 MB"],
  [2_500_000_000, "2.5 GB"],
])("says %i bytes as %s", (bytes, words) => expect(formatBytes(bytes)).toBe(words));
