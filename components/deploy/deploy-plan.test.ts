import { describe, expect, it } from "vitest";
import { formatBytes } from "@/components/ui/format-bytes.ts";
import { choiceWords, parseOther } from "./deploy-plan.ts";

const ARN = "arn:aws:ecs:ap-northeast-2:123456789012:task-definition/library:42";

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
