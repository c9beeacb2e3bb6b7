import type * as Ecs from "@aws-sdk/client-ecs";
import { expect, test } from "vitest";
import { BLUE_GROUP, createFixture, type EcsFixture, isDeployed, LONELY_GROUP, REPOSITORY } from "./ecs-fixture.ts";

/** The refusal's code and message. */
function refusal(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof Error && "code" in error) return `${error.code}: ${error.message}`;
    throw error;
  }
  throw new Error("It was not refused.");
}

const tokens = (fixture: EcsFixture, operation: string, list: string, input: object): string[][] => {
  const pages: string[][] = [];
  let nextToken: string | undefined;
  do {
    const page = fixture.call<Record<string, string[]> & { nextToken?: string }>(operation, { ...input, nextToken });
    pages.push(page[list] ?? []);
    nextToken = page.nextToken;
  } while (nextToken);
  return pages;
};

test("names what is missing in failures, not in errors", () => {
  const fixture = createFixture();
  expect(fixture.call("DescribeClusters", { clusters: ["main", "other"] })).toMatchObject({
    clusters: [{ clusterName: "main", status: "ACTIVE" }],
    failures: [{ arn: "arn:aws:ecs:ap-northeast-2:123456789012:cluster/other", reason: "MISSING" }],
  });
  expect(fixture.call("DescribeServices", { cluster: "main", services: ["web"] })).toEqual({
    services: [],
    failures: [{ arn: "arn:aws:ecs:ap-northeast-2:123456789012:service/main/web", reason: "MISSING" }],
  });
  expect(fixture.call("DescribeTasks", { cluster: "main", tasks: ["abc"] })).toEqual({
    tasks: [],
    failures: [{ arn: "arn:aws:ecs:ap-northeast-2:123456789012:task/main/abc", reason: "MISSING" }],
  });
});

test("refuses in AWS's codes and words", () => {
  const fixture = createFixture();
  const taskDefinition = fixture.register("1.0.0");
  const loadBalancer = { targetGroupArn: BLUE_GROUP, containerName: "library", containerPort: 8081 };
  const create = (more: Partial<Ecs.CreateServiceRequest>) =>
    refusal(() => fixture.createService(taskDefinition, more));
  const call = (operation: string, input: object) => refusal(() => fixture.call(operation, input));

  expect(call("ListServices", { cluster: "nowhere" })).toBe("ClusterNotFoundException: Cluster not found.");
  expect(call("ListServices", {})).toBe("ClusterNotFoundException: Cluster not found.");
  expect(call("UpdateService", { cluster: "main", service: "web" })).toBe(
    "ServiceNotFoundException: Service not found.",
  );
  expect(call("ListTasks", { cluster: "main", serviceName: "web" })).toBe(
    "ServiceNotFoundException: Service not found.",
  );
  expect(call("StopTask", { cluster: "main", task: "abc" })).toBe(
    "InvalidParameterException: The referenced task was not found.",
  );
  expect(call("DescribeTaskDefinition", { taskDefinition: "nothing:1" })).toBe(
    "ClientException: Unable to describe task definition.",
  );
  expect(call("DescribeServices", { cluster: "main", services: Array(11).fill("web") })).toMatch(
    /^InvalidParameterException/,
  );
  expect(call("DescribeTasks", { cluster: "main", tasks: Array(101).fill("abc") })).toMatch(
    /^InvalidParameterException/,
  );
  expect(call("ListTasks", { cluster: "main", nextToken: "nonsense" })).toBe(
    "InvalidParameterException: Invalid token.",
  );
  expect(create({ taskDefinition: "nothing" })).toBe("ClientException: TaskDefinition not found.");
  expect(create({ loadBalancers: [{ ...loadBalancer, targetGroupArn: LONELY_GROUP }] })).toBe(
    `InvalidParameterException: The target group with targetGroupArn ${LONELY_GROUP} does not have an associated load balancer.`,
  );
  expect(create({ loadBalancers: [{ ...loadBalancer, containerName: "other" }] })).toBe(
    "InvalidParameterException: The container other does not exist in the task definition.",
  );
  expect(create({ loadBalancers: [{ ...loadBalancer, containerPort: 80 }] })).toBe(
    "InvalidParameterException: The container library did not have a container port 80 defined.",
  );
  expect(create({ networkConfiguration: undefined })).toMatch(/^InvalidParameterException: Network Configuration must/);
  expect(create({ deploymentController: { type: "EXTERNAL" } })).toBe(
    "InvalidParameterException: TaskDefinition must be blank.",
  );
  expect(create({ deploymentController: { type: "CODE_DEPLOY" }, loadBalancers: [] })).toMatch(
    /^InvalidParameterException: A load balancer is required/,
  );
  expect(create({ deploymentConfiguration: { strategy: "BLUE_GREEN" } })).toMatch(
    /^InvalidParameterException: bakeTime/,
  );
});

test("creating a service again is idempotent with the same token only", () => {
  const fixture = createFixture();
  const taskDefinition = fixture.register("1.0.0");
  const first = fixture.createService(taskDefinition, { clientToken: "once" });
  expect(fixture.createService(taskDefinition, { clientToken: "once" }).deployments?.[0]?.id).toBe(
    first.deployments?.[0]?.id,
  );
  expect(refusal(() => fixture.createService(taskDefinition, { clientToken: "twice" }))).toBe(
    "InvalidParameterException: Creation of service was not idempotent.",
  );
});

test("an inactive service cannot be updated", () => {
  const fixture = createFixture();
  fixture.createService(fixture.register("1.0.0"), { desiredCount: 0 });
  fixture.call("DeleteService", { cluster: "main", service: "web" });
  expect(refusal(() => fixture.update({ desiredCount: 1 }))).toBe("ServiceNotActiveException: Service was not ACTIVE.");
});

test("lists in pages without losing or repeating anything", () => {
  const fixture = createFixture();
  const taskDefinition = fixture.register("1.0.0");
  for (let i = 0; i < 23; i += 1) fixture.createService(taskDefinition, { serviceName: `s${i}`, desiredCount: 1 });
  const pages = tokens(fixture, "ListServices", "serviceArns", { cluster: "main" });
  expect(pages.map((page) => page.length)).toEqual([10, 10, 3]);
  expect(new Set(pages.flat()).size).toBe(23);
  fixture.clock.advance(1000);
  const tasks = tokens(fixture, "ListTasks", "taskArns", { cluster: "main", maxResults: 7 });
  expect(tasks.map((page) => page.length)).toEqual([7, 7, 7, 2]);
});

test("task definitions are found by family, revision and ARN, and sorted as asked", () => {
  const fixture = createFixture();
  const arns = ["1.0.0", "1.1.0", "1.2.0-unhealthy"].map((tag) => fixture.register(tag));
  fixture.register("1.0.0", { family: "another" });
  const revision = (taskDefinition: string) =>
    fixture.call<Ecs.DescribeTaskDefinitionResponse>("DescribeTaskDefinition", { taskDefinition }).taskDefinition
      ?.revision;
  expect([revision("library"), revision("library:2"), revision(arns[0] ?? "")]).toEqual([3, 2, 1]);
  const list = (input: object) =>
    fixture.call<Ecs.ListTaskDefinitionsResponse>("ListTaskDefinitions", input).taskDefinitionArns;
  expect(list({ familyPrefix: "library", sort: "DESC" })).toEqual(arns.toReversed());
  fixture.call("DeregisterTaskDefinition", { taskDefinition: "library:3" });
  expect(revision("library")).toBe(2);
  expect(list({ familyPrefix: "library" })).toEqual(arns.slice(0, 2));
  expect(list({ status: "INACTIVE" })).toEqual([arns[2]]);
  expect(refusal(() => fixture.createService(arns[2] ?? ""))).toBe("ClientException: TaskDefinition is inactive");
  expect(fixture.call("ListTaskDefinitionFamilies", { familyPrefix: "lib" })).toMatchObject({ families: ["library"] });
});

test("fills in what ECS fills in, and refuses sizes Fargate does not have", () => {
  const fixture = createFixture();
  const arn = fixture.register("1.0.0", { cpu: "1 vCPU", memory: "2 GB" });
  const { taskDefinition } = fixture.call<Ecs.DescribeTaskDefinitionResponse>("DescribeTaskDefinition", {
    taskDefinition: arn,
  });
  expect(taskDefinition).toMatchObject({ cpu: "1024", memory: "2048", status: "ACTIVE", revision: 1 });
  expect(taskDefinition?.containerDefinitions?.[0]).toMatchObject({
    essential: true,
    portMappings: [{ containerPort: 8081, hostPort: 8081, protocol: "tcp" }],
  });
  expect(refusal(() => fixture.register("1.0.0", { cpu: "256", memory: "4096" }))).toBe(
    "ClientException: No Fargate configuration exists for given values.",
  );
  expect(refusal(() => fixture.register("1.0.0", { containerDefinitions: [{ name: "library" }] }))).toBe(
    "ClientException: Container.image should not be null or empty.",
  );
});

test("ListTasks filters by service, family, starter and desired status", () => {
  const fixture = createFixture();
  const service = fixture.createService(fixture.register("1.0.0"));
  const taskDefinition = fixture.register("1.0.0", { family: "job" });
  const networkConfiguration = { awsvpcConfiguration: { subnets: ["subnet-1"] } };
  const run = { cluster: "main", taskDefinition, networkConfiguration, startedBy: "me", clientToken: "once" };
  fixture.call("RunTask", run);
  fixture.call("RunTask", run);
  fixture.advanceUntil(() => isDeployed(fixture.service()), "deployed");
  const count = (input: object) =>
    fixture.call<Ecs.ListTasksResponse>("ListTasks", { cluster: "main", ...input }).taskArns?.length;
  expect(count({})).toBe(3);
  expect(count({ serviceName: service.serviceArn })).toBe(2);
  expect(count({ family: "job" })).toBe(1);
  expect(count({ startedBy: "me" })).toBe(1);
  expect(count({ startedBy: service.deployments?.[0]?.id })).toBe(2);
  expect(count({ desiredStatus: "STOPPED" })).toBe(0);
});

test("tags every kind of resource, and shows tags only when asked", () => {
  const fixture = createFixture();
  const taskDefinition = fixture.register("1.0.0", { tags: [{ key: "team", value: "books" }] });
  const { serviceArn } = fixture.createService(taskDefinition, {
    tags: [{ key: "slot", value: "blue" }],
    propagateTags: "SERVICE",
    enableECSManagedTags: true,
  });
  fixture.call("TagResource", {
    resourceArn: serviceArn,
    tags: [
      { key: "slot", value: "green" },
      { key: "a", value: "b" },
    ],
  });
  fixture.call("UntagResource", { resourceArn: serviceArn, tagKeys: ["a"] });
  expect(fixture.call("ListTagsForResource", { resourceArn: serviceArn })).toEqual({
    tags: [{ key: "slot", value: "green" }],
  });
  fixture.advanceUntil(() => fixture.tasks().length === 2, "started");
  const [task] = fixture.tasks();
  expect(task?.tags).toEqual([]);
  expect(fixture.call("ListTagsForResource", { resourceArn: task?.taskArn })).toMatchObject({
    tags: [{ key: "aws:ecs:clusterName" }, { key: "aws:ecs:serviceName" }, { key: "slot" }],
  });
  const tagsOf = (include?: string[]) =>
    fixture.call<Ecs.DescribeTaskDefinitionResponse>("DescribeTaskDefinition", { taskDefinition, include }).tags;
  expect([tagsOf(), tagsOf(["TAGS"])]).toEqual([undefined, [{ key: "team", value: "books" }]]);
  const nobody = "arn:aws:ecs:ap-northeast-2:123456789012:service/main/nobody";
  expect(refusal(() => fixture.call("ListTagsForResource", { resourceArn: nobody }))).toMatch(
    /^ResourceNotFoundException/,
  );
});

test("describes service deployments and revisions, newest first, with the images' digests", () => {
  const fixture = createFixture();
  fixture.createService(fixture.register("1.0.0"));
  fixture.advanceUntil(() => isDeployed(fixture.service()), "first");
  fixture.update({ taskDefinition: fixture.register("1.1.0") });
  fixture.advanceUntil(() => isDeployed(fixture.service()), "second");
  const { serviceDeployments = [] } = fixture.call<Ecs.ListServiceDeploymentsResponse>("ListServiceDeployments", {
    cluster: "main",
    service: "web",
  });
  expect(serviceDeployments.map(({ status }) => status)).toEqual(["SUCCESSFUL", "SUCCESSFUL"]);
  const [newest] = serviceDeployments;
  expect(newest?.serviceDeploymentArn).toBe(fixture.service().currentServiceDeployment);
  const { serviceRevisions } = fixture.call<Ecs.DescribeServiceRevisionsResponse>("DescribeServiceRevisions", {
    serviceRevisionArns: [newest?.targetServiceRevisionArn],
  });
  expect(serviceRevisions?.[0]).toMatchObject({
    containerImages: [{ image: `${REPOSITORY}:1.1.0`, imageDigest: expect.stringMatching(/^sha256:/) }],
    loadBalancers: [{ targetGroupArn: BLUE_GROUP }],
  });
  const missing = `${newest?.serviceDeploymentArn}x`;
  expect(fixture.call("DescribeServiceDeployments", { serviceDeploymentArns: [missing] })).toEqual({
    serviceDeployments: [],
    failures: [{ arn: missing, reason: "MISSING" }],
  });
});

test("a cluster with services or tasks cannot be deleted", () => {
  const fixture = createFixture();
  fixture.createService(fixture.register("1.0.0"), { desiredCount: 0 });
  expect(refusal(() => fixture.call("DeleteCluster", { cluster: "main" }))).toMatch(
    /^ClusterContainsServicesException/,
  );
  fixture.call("DeleteService", { cluster: "main", service: "web" });
  fixture.clock.advance(2000);
  expect(fixture.call("DeleteCluster", { cluster: "main" })).toMatchObject({ cluster: { status: "INACTIVE" } });
  expect(fixture.call("ListClusters", {})).toMatchObject({ clusterArns: [] });
});

test("settings, configuration, statistics and tags of a cluster are told only when asked for", () => {
  const fixture = createFixture();
  const settings = [{ name: "containerInsights", value: "enhanced" }];
  const configuration = { executeCommandConfiguration: { logging: "DEFAULT" } };
  const tags = [{ key: "team", value: "books" }];
  const created = fixture.call<Ecs.CreateClusterResponse>("CreateCluster", {
    clusterName: "told",
    settings,
    configuration,
    tags,
  });
  expect(created.cluster).toMatchObject({ settings, configuration, tags });
  const describeCluster = (include?: string[]) =>
    fixture.call<Ecs.DescribeClustersResponse>("DescribeClusters", { clusters: ["told"], include }).clusters?.[0];
  expect(describeCluster()).toMatchObject({ settings: [], statistics: [], tags: [] });
  expect(describeCluster()?.configuration).toBeUndefined();
  expect(describeCluster(["SETTINGS"])).toMatchObject({ settings, tags: [] });
  expect(describeCluster(["CONFIGURATIONS", "TAGS"])).toMatchObject({ settings: [], configuration, tags });
  expect(describeCluster(["STATISTICS"])?.statistics).toContainEqual({ name: "runningFargateTasksCount", value: "0" });
});

test("a cluster tells its capacity providers, their default strategy and the namespace of Service Connect", () => {
  const fixture = createFixture();
  const given = {
    capacityProviders: ["FARGATE", "FARGATE_SPOT"],
    defaultCapacityProviderStrategy: [{ capacityProvider: "FARGATE_SPOT", weight: 1 }],
    serviceConnectDefaults: { namespace: "arn:aws:servicediscovery:eu-west-1:123456789012:namespace/ns-1" },
  };
  fixture.call("CreateCluster", { clusterName: "spot", ...given });
  const { clusters } = fixture.call<Ecs.DescribeClustersResponse>("DescribeClusters", { clusters: ["spot"] });
  expect(clusters).toMatchObject([given]);
  const make = (input: object) => () => fixture.call("CreateCluster", { clusterName: "other", ...input });
  expect(make({ capacityProviders: ["mine"] })).toThrow(/capacity provider 'mine' was not found/);
  expect(make({ ...given, capacityProviders: ["FARGATE"] })).toThrow(/'FARGATE_SPOT' of the default strategy/);
});

test("a task definition is deleted only after it was deregistered, and stays readable", () => {
  const fixture = createFixture();
  const first = fixture.register("1.0.0");
  const remove = (...taskDefinitions: string[]) =>
    fixture.call<Ecs.DeleteTaskDefinitionsResponse>("DeleteTaskDefinitions", { taskDefinitions });
  expect(remove(first, "nothing:1")).toMatchObject({
    taskDefinitions: [],
    failures: [
      { reason: expect.stringContaining("still in ACTIVE status") },
      { arn: "nothing:1", reason: "The specified task definition does not exist." },
    ],
  });
  fixture.call("DeregisterTaskDefinition", { taskDefinition: first });
  expect(remove(first)).toMatchObject({ taskDefinitions: [{ status: "DELETE_IN_PROGRESS" }], failures: [] });
  expect(fixture.call("DescribeTaskDefinition", { taskDefinition: first })).toMatchObject({
    taskDefinition: { status: "DELETE_IN_PROGRESS" },
  });
});

test("every account has the capacity providers of Fargate", () => {
  const fixture = createFixture();
  const providersOf = (capacityProviders?: string[]) =>
    fixture.call<Ecs.DescribeCapacityProvidersResponse>("DescribeCapacityProviders", { capacityProviders });
  expect(providersOf().capacityProviders?.map(({ name }) => name)).toEqual(["FARGATE", "FARGATE_SPOT"]);
  expect(providersOf(["FARGATE_SPOT", "mine"])).toMatchObject({
    capacityProviders: [{ name: "FARGATE_SPOT", status: "ACTIVE" }],
    failures: [{ reason: "MISSING" }],
  });
});
