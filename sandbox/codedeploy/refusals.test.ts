import * as CodeDeploy from "@aws-sdk/client-codedeploy";
import { expect, test } from "vitest";
import { appSpec, type CodedeployWorld, startCodedeployWorld } from "./codedeploy-fixture.ts";

const outcome = (call: Promise<unknown>) =>
  call.then(
    () => "accepted",
    (error: Error) => `${error.name}: ${error.message}`,
  );

const pair = (world: CodedeployWorld, more: object = {}) => ({
  targetGroupPairInfoList: [
    {
      targetGroups: [{ name: "web-blue" }, { name: "web-green" }],
      prodTrafficRoute: { listenerArns: [world.production] },
      ...more,
    },
  ],
});

test("deployment groups that make no sense are refused", async () => {
  const world = await startCodedeployWorld();
  const refused: [Partial<CodeDeploy.CreateDeploymentGroupInput>, RegExp][] = [
    [
      { loadBalancerInfo: { ...pair(world), elbInfoList: [{ name: "web" }] } },
      /^InvalidLoadBalancerInfoException: For ECS deployment group, loadBalancerInfo must not contain elbInfo list$/,
    ],
    [{ loadBalancerInfo: pair(world, { targetGroups: [{ name: "web-blue" }] }) }, /^InvalidTargetGroupPairException/],
    [
      {
        blueGreenDeploymentConfiguration: {
          deploymentReadyOption: { actionOnTimeout: "CONTINUE_DEPLOYMENT", waitTimeInMinutes: 5 },
        },
      },
      /Deployment ready action cannot be set to 'CONTINUE_DEPLOYMENT' when timeout is specified$/,
    ],
    [
      {
        blueGreenDeploymentConfiguration: {
          terminateBlueInstancesOnDeploymentSuccess: { action: "TERMINATE", terminationWaitTimeInMinutes: 2881 },
        },
      },
      /at most 2880/,
    ],
    [{ deploymentStyle: { deploymentType: "IN_PLACE" } }, /^InvalidDeploymentStyleException/],
    [
      { ec2TagSet: { ec2TagSetList: [[{ Key: "a", Type: "KEY_ONLY" }]] } },
      /^InvalidInputException: .*ec2TagSet can not be specified/,
    ],
    [{ deploymentConfigName: "mine" }, /^DeploymentConfigDoesNotExistException/],
    [{ ecsServices: [{ clusterName: "main", serviceName: "nobody" }] }, /^InvalidECSServiceException/],
  ];
  for (const [input, words] of refused) expect(await outcome(world.createGroup(input))).toMatch(words);
  await world.createGroup();
  expect(await outcome(world.createGroup())).toMatch(/^DeploymentGroupAlreadyExistsException/);
  expect(await outcome(world.createGroup({ deploymentGroupName: "other" }))).toMatch(
    /^ECSServiceMappingLimitExceededException/,
  );
});

test("deployments that make no sense are refused before anything is started", async () => {
  const world = await startCodedeployWorld();
  await world.createGroup();
  const revision = appSpec(await world.register("1.1.0"));
  const content = (text: string): Partial<CodeDeploy.CreateDeploymentInput> => ({
    revision: { revisionType: "AppSpecContent", appSpecContent: { content: text } },
  });
  const refused: [Partial<CodeDeploy.CreateDeploymentInput>, RegExp][] = [
    [{ applicationName: "nobody" }, /^ApplicationDoesNotExistException: No application found for name: nobody$/],
    [
      { deploymentGroupName: "nobody" },
      /^DeploymentGroupDoesNotExistException: No Deployment Group found for name: nobody$/,
    ],
    [{ revision: undefined }, /^RevisionRequiredException/],
    [content("version: 1.0"), /^InvalidRevisionException/],
    [content("version: 0.0\nResources: []"), /^InvalidRevisionException/],
    [
      { revision: { ...revision, appSpecContent: { ...revision.appSpecContent, sha256: "0".repeat(64) } } },
      /^InvalidRevisionException.*SHA256/,
    ],
    [{ deploymentConfigName: "mine" }, /^DeploymentConfigDoesNotExistException/],
    [{ targetInstances: {} }, /^InvalidTargetInstancesException/],
    [{ deploymentMode: "RESTART" }, /^UnsupportedActionForDeploymentTypeException/],
    [{ description: "x".repeat(257) }, /^DescriptionTooLongException/],
  ];
  for (const [input, words] of refused) expect(await outcome(world.deploy("1.1.0", input))).toMatch(words);
  const get = (deploymentId: string) =>
    outcome(world.codedeploy.send(new CodeDeploy.GetDeploymentCommand({ deploymentId })));
  expect(await get("d-123456789")).toMatch(/^DeploymentDoesNotExistException/);
  expect(await get("latest")).toMatch(/^InvalidDeploymentIdException/);
  const { deployments } = await world.codedeploy.send(new CodeDeploy.ListDeploymentsCommand({}));
  expect(deployments).toEqual([]);
});

test("an AppSpec may be YAML", async () => {
  const world = await startCodedeployWorld();
  await world.createGroup();
  const content = [
    "version: 0.0",
    "Resources:",
    "  - TargetService:",
    "      Type: AWS::ECS::Service",
    "      Properties:",
    `        TaskDefinition: ${await world.register("1.1.0")}`,
    "        LoadBalancerInfo:",
    "          ContainerName: web",
    "          ContainerPort: 8081",
  ].join("\n");
  const id = await world.deploy("1.1.0", { revision: { revisionType: "AppSpecContent", appSpecContent: { content } } });
  await world.until(
    id,
    ({ instanceTerminationWaitTimeStarted }) => instanceTerminationWaitTimeStarted === true,
    "shifted",
  );
});

test("a task definition that ECS does not take fails the deployment with ECS's words", async () => {
  const world = await startCodedeployWorld();
  await world.createGroup();
  const id = await world.deploy("1.1.0", { revision: appSpec("nobody:1") });
  const done = await world.until(id, ({ status }) => status === "Failed", "failed");
  expect(done.errorInformation).toMatchObject({
    code: "ECS_UPDATE_ERROR",
    message: expect.stringContaining("TaskDefinition not found."),
  });
});

test("the group tells its last deployments, and AWS's own configurations are there", async () => {
  const world = await startCodedeployWorld();
  await world.createGroup();
  const id = await world.deploy("1.1.0");
  await world.until(id, ({ status }) => status === "Succeeded", "done");
  const { deploymentGroupInfo } = await world.codedeploy.send(
    new CodeDeploy.GetDeploymentGroupCommand({ applicationName: "members", deploymentGroupName: "members-group" }),
  );
  expect(deploymentGroupInfo).toMatchObject({
    computePlatform: "ECS",
    deploymentConfigName: "CodeDeployDefault.ECSAllAtOnce",
    lastSuccessfulDeployment: { deploymentId: id, status: "Succeeded" },
  });
  const { deploymentConfigInfo } = await world.codedeploy.send(
    new CodeDeploy.GetDeploymentConfigCommand({
      deploymentConfigName: "CodeDeployDefault.ECSCanary10Percent15Minutes",
    }),
  );
  expect(deploymentConfigInfo?.trafficRoutingConfig).toEqual({
    type: "TimeBasedCanary",
    timeBasedCanary: { canaryPercentage: 10, canaryInterval: 15 },
  });
});

test("configurations of other platforms are refused; tags of applications and groups are told again", async () => {
  const world = await startCodedeployWorld();
  await world.createGroup({ tags: [{ Key: "team", Value: "library" }], outdatedInstancesStrategy: "IGNORE" });
  const names = { applicationName: "members", deploymentGroupName: "members-group" };
  const { deploymentGroupInfo } = await world.codedeploy.send(new CodeDeploy.GetDeploymentGroupCommand(names));
  expect(deploymentGroupInfo).toMatchObject({ outdatedInstancesStrategy: "IGNORE" });
  const { region, accountId } = world.sandbox.place;
  const ResourceArn = `arn:aws:codedeploy:${region}:${accountId}:deploymentgroup:members/members-group`;
  const tags = async () =>
    (await world.codedeploy.send(new CodeDeploy.ListTagsForResourceCommand({ ResourceArn }))).Tags;
  expect(await tags()).toEqual([{ Key: "team", Value: "library" }]);
  const Tags = [{ Key: "team", Value: "shop" }];
  await world.codedeploy.send(new CodeDeploy.TagResourceCommand({ ResourceArn, Tags }));
  expect(await tags()).toEqual(Tags);
  await world.codedeploy.send(new CodeDeploy.UntagResourceCommand({ ResourceArn, TagKeys: ["team"] }));
  expect(await tags()).toEqual([]);
  const nobody = world.codedeploy.send(
    new CodeDeploy.ListTagsForResourceCommand({ ResourceArn: ResourceArn.replace("members-group", "nobody") }),
  );
  expect(await outcome(nobody)).toMatch(/^InvalidArnException/);

  const config = (input: object) =>
    outcome(
      world.codedeploy.send(
        new CodeDeploy.CreateDeploymentConfigCommand({
          ...{ deploymentConfigName: "mine", computePlatform: "ECS", trafficRoutingConfig: { type: "AllAtOnce" } },
          ...input,
        }),
      ),
    );
  expect(await config({ computePlatform: "Server" })).toMatch(/^InvalidComputePlatformException/);
  expect(await config({ minimumHealthyHosts: { type: "HOST_COUNT", value: 1 } })).toMatch(
    /^InvalidMinimumHealthyHostValueException/,
  );
  expect(await config({ zonalConfig: {} })).toMatch(/^InvalidZonalDeploymentConfigurationException/);
  expect(await config({})).toBe("accepted");
});
