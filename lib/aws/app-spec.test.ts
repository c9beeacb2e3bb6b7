import { expect, test } from "vitest";
import { newAppSpec, readAppSpec, withTaskDefinition } from "./app-spec.ts";

const YAML = `version: 0.0
Resources:
  - TargetService:
      Type: AWS::ECS::Service
      Properties:
        TaskDefinition: "members-task:3"
        LoadBalancerInfo: { ContainerName: members, ContainerPort: 8085 }
        PlatformVersion: "1.4.0"
Hooks:
  - BeforeAllowTraffic: check
  - AfterAllowTraffic: "arn:aws:lambda:eu-central-1:123456789012:function:after"
`;

test("another task definition changes nothing else of an AppSpec, be it YAML or JSON", () => {
  const next = withTaskDefinition(YAML, "members-task:4") ?? "";
  expect(JSON.parse(next)).toEqual({
    version: 0,
    Resources: [
      {
        TargetService: {
          Type: "AWS::ECS::Service",
          Properties: {
            TaskDefinition: "members-task:4",
            LoadBalancerInfo: { ContainerName: "members", ContainerPort: 8085 },
            PlatformVersion: "1.4.0",
          },
        },
      },
    ],
    Hooks: [
      { BeforeAllowTraffic: "check" },
      { AfterAllowTraffic: "arn:aws:lambda:eu-central-1:123456789012:function:after" },
    ],
  });
  expect(JSON.parse(withTaskDefinition(next, "members-task:3") ?? "").Hooks).toHaveLength(2);
});

test("tells the task definition and the hooks", () => {
  expect(readAppSpec(YAML)).toEqual({
    taskDefinition: "members-task:3",
    hooks: {
      BeforeAllowTraffic: "check",
      AfterAllowTraffic: "arn:aws:lambda:eu-central-1:123456789012:function:after",
    },
  });
  expect(readAppSpec(newAppSpec("members-task:1", { name: "members", port: 8085 }))).toEqual({
    taskDefinition: "members-task:1",
    hooks: {},
  });
});

test.each(["", "{", "[]", "version: 0.0", '{"Resources":[{"F":{"Type":"AWS::Lambda::Function","Properties":{}}}]}'])(
  "what is no AppSpec for ECS is none: %j",
  (content) => {
    expect(readAppSpec(content)).toBeNull();
    expect(withTaskDefinition(content, "members-task:4")).toBeNull();
  },
);
