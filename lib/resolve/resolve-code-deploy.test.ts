import { expect, test } from "vitest";
import { applicationSchema } from "../config/application-config.ts";
import { fixOf } from "../config/fix.ts";
import { englishOf } from "../domain/sentence/told.ts";
import { membersConfig, startMembersWorld } from "../testing/code-deploy-world.ts";
import { resolveApplication } from "./resolve-application.ts";

test("everything comes from the deployment group, which is found by the service when it is not named", async () => {
  const world = await startMembersWorld();
  const found = await world.resolve();
  expect(found).toMatchObject({
    codeDeploy: { application: "members", group: "members-group" },
    listener: { kind: "listener", name: "members-alb HTTP:80" },
    testListener: { name: "members-alb HTTP:81" },
    slots: {
      blue: { service: "members-service", targetGroupName: "members-blue-tg" },
      green: { service: "members-service", targetGroupArn: expect.stringMatching(/:targetgroup\/members-green-tg\//) },
    },
  });
  const named = { codeDeploy: { application: "members", group: "members-group" } };
  expect(await world.resolve(named)).toEqual(found);
});

test.each([
  ["a group that does not exist", { codeDeploy: { application: "members", group: "no-group" } }, /no-group/],
  ["an application that does not exist", { codeDeploy: { application: "nobody", group: "members-group" } }, /nobody/],
  ["a service that CodeDeploy does not deploy", { service: "orders-service" }, /controller ECS; code-deploy needs/],
  ["a service that does not exist", { service: "no-service" }, /no-service/],
])("%s is refused in words", async (_what, changes, words) => {
  const { resolve } = await startMembersWorld();
  await expect(resolve(changes)).rejects.toMatchObject({ message: expect.stringMatching(words), retryable: false });
});

test("the group of another service, and a service without any group, are refused in words", async () => {
  const { aws } = await startMembersWorld();
  const group = await aws.codeDeploy.getGroup({ application: "members", group: "members-group" }, "observer");
  const others = {
    ...aws,
    codeDeploy: {
      ...aws.codeDeploy,
      getGroup: async () => ({ ...group, service: { cluster: "library-management-cluster", name: "teams-service" } }),
      findGroupOf: async () => null,
    },
  };
  const named = membersConfig({ codeDeploy: { application: "members", group: "members-group" } });
  await expect(resolveApplication(others, named)).rejects.toThrow(
    "members/members-group deploys teams-service in library-management-cluster, not members-service in library-management-cluster",
  );
  await expect(resolveApplication(others, membersConfig())).rejects.toThrow(
    "No CodeDeploy deployment group deploys members-service",
  );
});

test("configuration says which of the names are too many", () => {
  const wrong = (changes: object) => {
    const parsed = applicationSchema.safeParse({ name: "members", cluster: "main", ...changes });
    return parsed.error?.issues.map((issue) => `${issue.path.join(".")}: ${englishOf(fixOf(issue))}`) ?? [];
  };
  const driven = { controller: "code-deploy", service: "members-service" };
  expect(wrong(driven)).toEqual([]);
  expect(wrong({ controller: "code-deploy" })).toEqual(["service: give the name of the ECS service that AWS deploys"]);
  expect(wrong({ ...driven, listener: { loadBalancer: "alb", port: 80 } })).toEqual([
    "listener: leave it out; with code-deploy the deployment group names it",
  ]);
  expect(wrong({ ...driven, controller: "ecs-native", codeDeploy: { application: "a", group: "b" } })).toEqual([
    "codeDeploy: leave it out; only the controller code-deploy has a deployment group",
  ]);
  expect(wrong({ ...driven, codeDeploy: { application: "a" } })).toEqual([
    "codeDeploy.group: give the deployment group's name",
  ]);
});
