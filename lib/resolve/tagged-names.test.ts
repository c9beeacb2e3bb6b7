import { expect, test } from "vitest";
import { libraryConfig, startLibraryWorld } from "../testing/library-world.ts";
import { resolveApplication } from "./resolve-application.ts";

const tag = (tags: Record<string, string>) => ({ tag: tags });

test("services, target groups and load balancers are found by their tags, and told when none or several have them", async () => {
  const { aws, sandbox, application } = await startLibraryWorld();
  const call = (
    service: { operations: (typeof sandbox.elb)["service"]["operations"] },
    operation: string,
    input: object,
  ) => service.operations[operation]?.(input, { requestId: "test", signal: new AbortController().signal });
  const balancer = application.listener.arn.replace(":listener/", ":loadbalancer/").replace(/\/[^/]+$/, "");
  await call(sandbox.elb.service, "AddTags", { ResourceArns: [balancer], Tags: [{ Key: "team", Value: "library" }] });
  for (const side of ["blue", "green"] as const) {
    const { targetGroupArn, service } = application.slots[side];
    const tags = { team: "library", side };
    const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
    await call(sandbox.elb.service, "AddTags", { ResourceArns: [targetGroupArn], Tags });
    await call(sandbox.ecs.service, "TagResource", {
      resourceArn: `arn:aws:ecs:ap-northeast-2:123456789012:service/library-management-cluster/${service}`,
      tags: Object.entries(tags).map(([key, value]) => ({ key, value })),
    });
  }
  const side = (color: string) => {
    const name = tag({ team: "library", side: color });
    return { service: name, targetGroup: name };
  };
  const named = {
    listener: { loadBalancer: tag({ team: "library" }), port: 80 },
    testListener: { loadBalancer: tag({ team: "library" }), port: 81 },
    blue: side("blue"),
    green: side("green"),
  };
  expect(await resolveApplication(aws, libraryConfig(named))).toEqual(application);

  const refused = (changes: Record<string, unknown>) =>
    resolveApplication(aws, libraryConfig({ ...named, ...changes }));
  await expect(refused({ blue: { ...side("blue"), targetGroup: tag({ team: "library" }) } })).rejects.toThrow(
    "2 target groups have the tags team=library: library-blue-tg, library-green-tg. Name one of them, or add a tag that only one has",
  );
  await expect(refused({ blue: { ...side("blue"), service: tag({ team: "library" }) } })).rejects.toThrow(
    "2 services in cluster library-management-cluster have the tags team=library: library-blue-service, library-green-service.",
  );
  await expect(
    refused({ green: { ...side("green"), targetGroup: tag({ team: "library", side: "red" }) } }),
  ).rejects.toThrow("No target group has the tags team=library, side=red");
  await expect(refused({ listener: { loadBalancer: tag({ team: "books" }), port: 80 } })).rejects.toThrow(
    "No load balancer has the tags team=books",
  );
});

test.each([[{ tag: {} }], [{ tag: { team: 1 } }], [{ tag: "team" }], [{ tag: { team: "a" }, name: "b" }]])(
  "%j names nothing",
  (targetGroup) => {
    expect(() => libraryConfig({ blue: { service: "library-blue-service", targetGroup } })).toThrow(
      "config.noun.targetGroup",
    );
  },
);
