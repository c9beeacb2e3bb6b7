import type * as Ecs from "@aws-sdk/client-ecs";
import { expect, test } from "vitest";
import { BLUE_GROUP, createFixture, type EcsFixture, isDeployed } from "./ecs-fixture.ts";

const BREAKER = { deploymentCircuitBreaker: { enable: true, rollback: true } };

function deployed(tag: string, more: Partial<Ecs.CreateServiceRequest> = {}, fixture = createFixture()): EcsFixture {
  fixture.createService(fixture.register(tag), more);
  fixture.advanceUntil(() => isDeployed(fixture.service()), "the first deployment completed");
  return fixture;
}

const ids = (tasks: Ecs.Task[]) => tasks.map((task) => task.taskArn?.split("/").at(-1));

const lastServiceDeployment = (fixture: EcsFixture): Ecs.ServiceDeployment | undefined => {
  const { serviceDeployments } = fixture.call<Ecs.ListServiceDeploymentsResponse>("ListServiceDeployments", {
    cluster: "main",
    service: "web",
  });
  const serviceDeploymentArns = [serviceDeployments?.[0]?.serviceDeploymentArn];
  return fixture.call<Ecs.DescribeServiceDeploymentsResponse>("DescribeServiceDeployments", { serviceDeploymentArns })
    .serviceDeployments?.[0];
};

test("a new service starts its tasks, registers them and reaches a steady state, in AWS's words", () => {
  const fixture = deployed("1.0.0");
  const [first, second] = ids(fixture.tasks());
  const deployment = fixture.service().deployments?.[0]?.id ?? "";
  expect(deployment).toMatch(/^ecs-svc\/\d{19}$/);
  expect(fixture.messages()).toEqual([
    `(service web) has started 2 tasks: (task ${first}) (task ${second}).`,
    `(service web) registered 2 targets in (target-group ${BLUE_GROUP})`,
    `(service web) (deployment ${deployment}) deployment completed.`,
    "(service web) has reached a steady state.",
  ]);
  expect(fixture.tasks()[0]).toMatchObject({ group: "service:web", startedBy: deployment });
  expect(lastServiceDeployment(fixture)).toMatchObject({ status: "SUCCESSFUL" });
});

test("an update starts new tasks first, keeps the desired number healthy, then drains and stops the old", () => {
  const fixture = deployed("1.0.0");
  const old = ids(fixture.tasks());
  const before = fixture.messages().length;
  const oldDeployment = fixture.service().deployments?.[0]?.id;
  fixture.update({ taskDefinition: fixture.register("1.1.0") });
  expect(fixture.service().deployments?.map(({ status, rolloutState }) => [status, rolloutState])).toEqual([
    ["PRIMARY", "IN_PROGRESS"],
    ["ACTIVE", "COMPLETED"],
  ]);
  fixture.advanceUntil(() => {
    const tasks = fixture.tasks();
    const healthy = tasks.filter(({ containers }) => {
      const id = containers?.[0]?.networkInterfaces?.[0]?.privateIpv4Address ?? "";
      return fixture.targets.targetState(BLUE_GROUP, { id, port: 8081 })?.state === "healthy";
    });
    expect(healthy.length).toBeGreaterThanOrEqual(2);
    expect(tasks.length).toBeLessThanOrEqual(4);
    return isDeployed(fixture.service());
  }, "the update completed");

  const fresh = ids(fixture.tasks());
  const deployment = fixture.service().deployments?.[0]?.id;
  expect(fixture.messages().slice(before)).toEqual([
    `(service web) has started 2 tasks: (task ${fresh[0]}) (task ${fresh[1]}).`,
    `(service web) registered 2 targets in (target-group ${BLUE_GROUP})`,
    expect.stringMatching(/^\(service web\) has stopped 2 running tasks: \(task \w+\) \(task \w+\)\.$/),
    `(service web) deregistered 2 targets in (target-group ${BLUE_GROUP})`,
    `(service web, taskSet ${oldDeployment}) has begun draining connections on 2 tasks.`,
    `(service web) (deployment ${deployment}) deployment completed.`,
    "(service web) has reached a steady state.",
  ]);
  fixture.clock.advance(10_000);
  const stopped = fixture.tasks("STOPPED");
  expect(ids(stopped).toSorted()).toEqual(old.toSorted());
  expect(stopped[0]).toMatchObject({
    stopCode: "ServiceSchedulerInitiated",
    stoppedReason: `Scaling activity initiated by (deployment ${deployment})`,
  });
});

test("makes room for new tasks down to the minimum when the maximum leaves none", () => {
  const deploymentConfiguration = { minimumHealthyPercent: 50, maximumPercent: 100 };
  const fixture = deployed("1.0.0", { desiredCount: 4, deploymentConfiguration });
  fixture.update({ taskDefinition: fixture.register("1.1.0") });
  let fewest = 4;
  fixture.advanceUntil(() => {
    const { runningCount = 0, pendingCount = 0 } = fixture.service();
    fewest = Math.min(fewest, runningCount);
    expect(runningCount + pendingCount).toBeLessThanOrEqual(4);
    return isDeployed(fixture.service());
  }, "the update completed");
  expect(fewest).toBe(2);
});

test("an update of the desired count alone starts no deployment", () => {
  const fixture = deployed("1.0.0");
  const [before] = fixture.service().deployments ?? [];
  fixture.update({ desiredCount: 3 });
  fixture.advanceUntil(() => fixture.service().runningCount === 3, "scaled out");
  fixture.update({ desiredCount: 0 });
  fixture.advanceUntil(() => fixture.service().runningCount === 0, "scaled in");
  expect(fixture.service().deployments).toHaveLength(1);
  expect(fixture.service().deployments?.[0]).toMatchObject({ id: before?.id, desiredCount: 0 });
  fixture.clock.advance(2000);
  expect(fixture.messages().at(-1)).toBe("(service web) has reached a steady state.");
});

test("the same task definition again deploys only when forced", () => {
  const fixture = deployed("1.0.0");
  const { taskDefinition, deployments } = fixture.service();
  expect(fixture.update({ taskDefinition }).deployments?.[0]?.id).toBe(deployments?.[0]?.id);
  expect(fixture.update({ forceNewDeployment: true }).deployments).toHaveLength(2);
});

test("replaces a task that died", () => {
  const fixture = deployed("1.0.0");
  const [dead] = ids(fixture.tasks());
  fixture.ecs.controls.kill(dead ?? "");
  fixture.advanceUntil(() => !ids(fixture.tasks()).includes(dead) && fixture.service().runningCount === 2, "replaced");
  expect(fixture.service().deployments?.[0]?.rolloutState).toBe("COMPLETED");
  expect(fixture.service().deployments?.[0]?.failedTasks).toBe(0);
});

test("starts a replacement before it stops a task that turned unhealthy", async () => {
  const fixture = deployed("1.0.0");
  const [sick] = ids(fixture.tasks());
  await fixture.ecs.controls.setHealth(sick ?? "", 503);
  fixture.advanceUntil(() => fixture.tasks().length === 3, "a replacement beside it");
  expect(ids(fixture.tasks())).toContain(sick);
  fixture.advanceUntil(() => fixture.tasks("STOPPED").some((task) => task.lastStatus === "STOPPED"), "stopped");
  expect(fixture.tasks("STOPPED")[0]?.stoppedReason).toBe(
    `Task failed ELB health checks in (target-group ${BLUE_GROUP})`,
  );
  expect(fixture.messages()).toContain(
    `(service web) (task ${sick}) (port 8081) is unhealthy in (target-group ${BLUE_GROUP}) due to (reason Health checks failed with these codes: [503])`,
  );
  fixture.clock.advance(10_000);
  expect(fixture.service()).toMatchObject({ runningCount: 2, pendingCount: 0 });
});

test("says again that a task is unhealthy once it has recovered in between", async () => {
  const fixture = deployed("1.0.0");
  const [id] = ids(fixture.tasks());
  const complaints = () => fixture.messages().filter((message) => message.includes("is unhealthy in")).length;
  await fixture.ecs.controls.setHealth(id ?? "", 503);
  fixture.advanceUntil(() => complaints() === 1, "the first complaint");
  await fixture.ecs.controls.setHealth(id ?? "", 200);
  fixture.clock.advance(20_000);
  expect(fixture.service()).toMatchObject({ runningCount: 2, pendingCount: 0 });
  expect(ids(fixture.tasks())).toContain(id);
  await fixture.ecs.controls.setHealth(id ?? "", 503);
  fixture.advanceUntil(() => complaints() === 2, "the second complaint");
});

test("leaves an unhealthy task alone within the health check grace period", () => {
  const fixture = createFixture();
  fixture.createService(fixture.register("1.4.0-slow"), { desiredCount: 1, healthCheckGracePeriodSeconds: 60 });
  fixture.advanceUntil(() => isDeployed(fixture.service()), "slow but sure");
  expect(fixture.tasks("STOPPED")).toEqual([]);
});

test("stops a slow task without a grace period, again and again", () => {
  const fixture = createFixture();
  fixture.createService(fixture.register("1.4.0-slow"), { desiredCount: 1 });
  fixture.clock.advance(60_000);
  expect(fixture.tasks("STOPPED").length).toBeGreaterThan(3);
  expect(fixture.service().deployments?.[0]).toMatchObject({ rolloutState: "IN_PROGRESS" });
});

test("a target that no listener uses is neither replaced nor counted as healthy", () => {
  const fixture = createFixture();
  fixture.targets.force = { state: "unused", reason: "Target.NotInUse" };
  fixture.createService(fixture.register("1.0.0"));
  fixture.clock.advance(120_000);
  expect(fixture.service()).toMatchObject({ runningCount: 2, deployments: [{ rolloutState: "IN_PROGRESS" }] });
  expect(fixture.tasks("STOPPED")).toEqual([]);
});

test("backs off for tasks that never reach RUNNING, and says so once", () => {
  const fixture = createFixture();
  fixture.createService(fixture.register("9.9.9"), { desiredCount: 1 });
  fixture.clock.advance(180_000);
  const starts = (fixture.service().events ?? [])
    .filter(({ message }) => message?.includes("has started"))
    .map(({ createdAt }) => createdAt?.getTime() ?? 0)
    .reverse();
  const gaps = starts.slice(1).map((at, i) => Math.round((at - (starts[i] ?? 0)) / 10_000));
  expect(gaps).toEqual([0, 1, 2, 4, 8]);
  expect(fixture.messages().filter((message) => message.includes("unable to consistently start"))).toEqual([
    "(service web) is unable to consistently start tasks successfully. For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.",
  ]);
});

test("the circuit breaker fails the deployment and rolls back to the last good one", () => {
  const fixture = deployed("1.0.0", { deploymentConfiguration: BREAKER });
  const good = fixture.service();
  const failing = fixture.update({ taskDefinition: fixture.register("1.2.0-unhealthy") }).deployments?.[0]?.id;
  expect(lastServiceDeployment(fixture)?.deploymentCircuitBreaker).toEqual({
    status: "MONITORING",
    failureCount: 0,
    threshold: 3,
  });
  fixture.advanceUntil(() => fixture.service().deployments?.[0]?.id !== failing, "rolled back");
  expect(fixture.service().deployments?.[0]).toMatchObject({
    id: good.deployments?.[0]?.id,
    rolloutState: "IN_PROGRESS",
    rolloutStateReason: `ECS deployment circuit breaker: rolling back to deploymentId ${good.deployments?.[0]?.id}.`,
  });
  expect(fixture.service().deployments?.[1]).toMatchObject({
    id: failing,
    status: "ACTIVE",
    rolloutState: "FAILED",
    rolloutStateReason: "ECS deployment circuit breaker: tasks failed to start.",
  });
  expect(lastServiceDeployment(fixture)?.status).toBe("ROLLBACK_IN_PROGRESS");
  fixture.advanceUntil(() => isDeployed(fixture.service()), "the rollback completed");
  expect(fixture.service()).toMatchObject({ taskDefinition: good.taskDefinition, runningCount: 2 });
  expect(fixture.messages()).toContain(
    `(service web) (deployment ${failing}) deployment failed: tasks failed to start.`,
  );
  expect(fixture.messages()).toContain(`(service web) rolling back to deployment ${good.deployments?.[0]?.id}.`);
  expect(lastServiceDeployment(fixture)).toMatchObject({
    status: "ROLLBACK_SUCCESSFUL",
    statusReason: "Service deployment rolled back because the circuit breaker threshold was exceeded.",
    deploymentCircuitBreaker: { status: "TRIGGERED", threshold: 3 },
  });
  expect(lastServiceDeployment(fixture)?.deploymentCircuitBreaker?.failureCount).toBeGreaterThanOrEqual(3);
});

test("a tripped circuit breaker without rollback starts nothing more and leaves the old tasks", () => {
  const deploymentConfiguration = { deploymentCircuitBreaker: { enable: true, rollback: false } };
  const fixture = deployed("1.0.0", { deploymentConfiguration });
  const old = ids(fixture.tasks());
  fixture.update({ taskDefinition: fixture.register("1.3.0-crash") });
  fixture.advanceUntil(() => fixture.service().deployments?.[0]?.rolloutState === "FAILED", "failed");
  fixture.clock.advance(5000);
  const stopped = fixture.tasks("STOPPED").length;
  fixture.clock.advance(120_000);
  expect(fixture.tasks("STOPPED")).toHaveLength(stopped);
  expect(ids(fixture.tasks())).toEqual(old);
  expect(lastServiceDeployment(fixture)?.status).toBe("STOPPED");
});

test("a first deployment without anything to roll back to ends as a failed rollback", () => {
  const fixture = createFixture();
  fixture.createService(fixture.register("9.9.9"), { desiredCount: 1, deploymentConfiguration: BREAKER });
  fixture.advanceUntil(() => lastServiceDeployment(fixture)?.status === "ROLLBACK_FAILED", "failed for good");
  expect(fixture.service().deployments).toMatchObject([{ status: "PRIMARY", rolloutState: "FAILED" }]);
});

test.each([
  { resetOnHealthyTask: undefined, failedTasks: 0 },
  { resetOnHealthyTask: false, failedTasks: 1 },
])("a healthy task leaves $failedTasks failures when resetOnHealthyTask is $resetOnHealthyTask", (row) => {
  const fixture = createFixture();
  const { resetOnHealthyTask } = row;
  fixture.createService(fixture.register("1.0.0"), {
    desiredCount: 1,
    deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: false, resetOnHealthyTask } },
  });
  fixture.advanceUntil(() => fixture.tasks()[0]?.lastStatus === "RUNNING", "running, not yet healthy");
  fixture.ecs.controls.kill(ids(fixture.tasks())[0] ?? "");
  expect(fixture.service().deployments?.[0]?.failedTasks).toBe(1);
  fixture.advanceUntil(() => isDeployed(fixture.service()), "the replacement is healthy");
  expect(fixture.service().deployments?.[0]?.failedTasks).toBe(row.failedTasks);
});

test("a newer update supersedes the deployment in flight", () => {
  const fixture = deployed("1.0.0");
  fixture.update({ taskDefinition: fixture.register("1.2.0-unhealthy") });
  fixture.clock.advance(3000);
  const superseded = lastServiceDeployment(fixture)?.serviceDeploymentArn;
  fixture.update({ taskDefinition: fixture.register("1.1.0") });
  const serviceDeploymentArns = [superseded];
  expect(fixture.call("DescribeServiceDeployments", { serviceDeploymentArns })).toMatchObject({
    serviceDeployments: [{ status: "STOPPED" }],
  });
  fixture.advanceUntil(() => isDeployed(fixture.service()), "the newer one completed");
  expect(fixture.service()).toMatchObject({ runningCount: 2, deployments: [{ status: "PRIMARY" }] });
});

test("a stopped service deployment rolls back", () => {
  const fixture = deployed("1.0.0");
  const good = fixture.service().taskDefinition;
  fixture.update({ taskDefinition: fixture.register("1.2.0-unhealthy") });
  fixture.clock.advance(2000);
  const serviceDeploymentArn = lastServiceDeployment(fixture)?.serviceDeploymentArn;
  fixture.call("StopServiceDeployment", { serviceDeploymentArn });
  expect(lastServiceDeployment(fixture)?.status).toBe("ROLLBACK_IN_PROGRESS");
  fixture.advanceUntil(() => isDeployed(fixture.service()), "back again");
  expect(fixture.service().taskDefinition).toBe(good);
  expect(lastServiceDeployment(fixture)?.status).toBe("ROLLBACK_SUCCESSFUL");
  expect(() => fixture.call("StopServiceDeployment", { serviceDeploymentArn })).toThrow(/not in progress/);
});

test("a deleted service drains, then stays visible as INACTIVE and can be created again", () => {
  const fixture = deployed("1.0.0");
  const deletion = { cluster: "main", service: "web" };
  expect(() => fixture.call("DeleteService", deletion)).toThrow(
    "The service cannot be stopped while it is scaled above 0.",
  );
  fixture.call("DeleteService", { ...deletion, force: true });
  expect(fixture.service().status).toBe("DRAINING");
  expect(() => fixture.createService(fixture.register("1.0.0"))).toThrow(/still Draining/);
  fixture.advanceUntil(() => fixture.service().status === "INACTIVE", "gone");
  expect(fixture.tasks()).toEqual([]);
  expect(fixture.createService(fixture.register("1.0.0")).status).toBe("ACTIVE");
});

test("keeps the last hundred events", () => {
  const fixture = deployed("1.0.0", { desiredCount: 1 });
  for (let i = 0; i < 60; i += 1) {
    fixture.update({ desiredCount: i % 2 });
    fixture.clock.advance(8000);
  }
  expect(fixture.service().events).toHaveLength(100);
});

test("five thousand virtual tasks in a hundred services settle and stay settled", () => {
  const fixture = createFixture();
  const taskDefinition = fixture.register("1.0.0");
  for (let i = 0; i < 100; i += 1)
    fixture.createService(taskDefinition, { serviceName: `service-${i}`, desiredCount: 50 });
  fixture.clock.advance(10_000);
  for (const name of ["service-0", "service-99"]) expect(fixture.service(name).runningCount).toBe(50);
  fixture.clock.advance(60_000);
  for (const name of ["service-0", "service-99"]) expect(fixture.service(name).runningCount).toBe(50);
});
