import {
  DescribeTasksCommand,
  ECSClient,
  ListTasksCommand,
  TagResourceCommand,
  UpdateServiceCommand,
} from "@aws-sdk/client-ecs";
import { expect, onTestFinished, test } from "vitest";
import { startLibraryWorld, until } from "../testing/library-world.ts";
import { ADMINISTRATOR } from "../testing/shipped-policy.ts";
import { startTaskSetWorld } from "../testing/task-set-world.ts";

const CLUSTER = "library-management-cluster";

test.each([
  ["paired-services", "SERVICE", "library-green-service", startLibraryWorld],
  ["paired-services", "TASK_DEFINITION", "library-green-service", startLibraryWorld],
  ["task-set", "SERVICE", "library-service", startTaskSetWorld],
  ["task-set", "TASK_DEFINITION", "library-service", startTaskSetWorld],
] as const)(
  "with %s, tasks that a release starts carry the tags of the %s, and ECS's own",
  async (_, propagateTags, service, start) => {
    const { sandbox, aws, application, controller } = await start({ sandbox: { speed: 25 } });
    const ecs = new ECSClient({ endpoint: sandbox.url, region: sandbox.place.region, credentials: ADMINISTRATOR });
    onTestFinished(() => ecs.destroy());
    const { place } = sandbox;
    const tag = (resourceArn: string, value: string) =>
      ecs.send(new TagResourceCommand({ resourceArn, tags: [{ key: "team", value }] }));
    await tag(`arn:aws:ecs:${place.region}:${place.accountId}:service/${CLUSTER}/${service}`, "of the service");
    await ecs.send(new UpdateServiceCommand({ cluster: CLUSTER, service, propagateTags, enableECSManagedTags: true }));
    const before = (await controller.observe(application)).slots.green.revision;
    await tag(before?.taskDefinition ?? "", "of the task definition");

    const uri = await aws.ecr.getRepositoryUri("library-management-system", "action");
    const digest = (await aws.ecr.findTag("library-management-system", "1.1.0", "action"))?.digest;
    const request = { image: `${uri}:1.1.0@${digest}` };
    const { value: revision } = await controller.registerRevision(application, "green", request, "d-1");
    await controller.startSide(application, "green", revision, 2, "d-1");
    const tasks = async () => {
      const { taskArns = [] } = await ecs.send(new ListTasksCommand({ cluster: CLUSTER, serviceName: service }));
      const { tasks: all = [] } = await ecs.send(
        new DescribeTasksCommand({ cluster: CLUSTER, tasks: taskArns, include: ["TAGS"] }),
      );
      return all.filter(({ taskDefinitionArn }) => taskDefinitionArn === revision.taskDefinition);
    };
    await until(async () => (await tasks()).length >= 2, "tasks of the new revision");
    for (const { tags = [] } of await tasks()) {
      const told = Object.fromEntries(tags.map(({ key = "", value }) => [key, value]));
      expect(told).toMatchObject({
        "aws:ecs:serviceName": service,
        "aws:ecs:clusterName": CLUSTER,
        team: propagateTags === "SERVICE" ? "of the service" : "of the task definition",
      });
      expect(told["switchyard:deployment"]).toBe(propagateTags === "SERVICE" ? undefined : "d-1");
    }
  },
);
