import { execFile, execFileSync } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createSandbox, type Sandbox } from "./sandbox.ts";

const run = promisify(execFile);
const COMMANDS = (process.env.AWS_CLI_COMMANDS ?? "aws,/usr/bin/aws,/usr/local/bin/aws").split(",");

/** One command for every AWS CLI version on this machine; the tests need none. */
const clis = [
  ...new Map(COMMANDS.flatMap((command) => versionOf(command).map((version) => [version, command]))).entries(),
];

function versionOf(command: string): string[] {
  try {
    return [execFileSync(command, ["--version"], { encoding: "utf8" }).split(" ")[0] ?? command];
  } catch {
    return [];
  }
}

// Each command starts a Python of its own, which takes its time on a busy machine.
describe.each(clis)("%s", { timeout: 90_000 }, (_version, command) => {
  let sandbox: Sandbox;

  beforeAll(async () => {
    sandbox = await createSandbox({ ecs: { virtual: true } });
  });

  afterAll(() => sandbox.close());

  async function aws(...args: string[]): Promise<Record<string, unknown>> {
    const { stdout } = await run(command, ["--endpoint-url", sandbox.url, "--output", "json", ...args], {
      env: {
        ...process.env,
        AWS_ACCESS_KEY_ID: "sandbox",
        AWS_SECRET_ACCESS_KEY: "sandbox",
        AWS_DEFAULT_REGION: "ap-northeast-2",
        AWS_PAGER: "",
        AWS_MAX_ATTEMPTS: "1",
      },
    });
    return JSON.parse(stdout || "{}") as Record<string, unknown>;
  }

  it("reads the seeded world through every protocol", async () => {
    const [identity, services, images, listeners, groups] = await Promise.all([
      aws("sts", "get-caller-identity"),
      aws("ecs", "list-services", "--cluster", "library-management-cluster"),
      aws("ecr", "describe-images", "--repository-name", "library-management-system"),
      aws("elbv2", "describe-load-balancers", "--names", "library-alb"),
      aws("logs", "describe-log-groups"),
    ]);
    expect(identity.Account).toBe("123456789012");
    expect(services.serviceArns).toHaveLength(3);
    expect(images.imageDetails).toHaveLength(6);
    expect(listeners.LoadBalancers).toMatchObject([{ LoadBalancerName: "library-alb", Type: "application" }]);
    expect(groups.logGroups).toMatchObject([
      { logGroupName: "/ecs/catalog-task" },
      { logGroupName: "/ecs/library-management-task", retentionInDays: 30 },
    ]);
  });

  it("switches the listener with modify-listener", async () => {
    const described = await aws("elbv2", "describe-target-groups");
    const [blue, green] = ["library-blue-tg", "library-green-tg"].map((name) => {
      const groups = described.TargetGroups as { TargetGroupName: string; TargetGroupArn: string }[];
      return groups.find((group) => group.TargetGroupName === name)?.TargetGroupArn;
    });
    const balancers = (await aws("elbv2", "describe-load-balancers", "--names", "library-alb")).LoadBalancers as {
      LoadBalancerArn: string;
    }[];
    const arn = balancers[0]?.LoadBalancerArn ?? "";
    const listeners = (await aws("elbv2", "describe-listeners", "--load-balancer-arn", arn)).Listeners as {
      ListenerArn: string;
      Port: number;
    }[];
    const listener = listeners.find(({ Port }) => Port === 80)?.ListenerArn ?? "";
    const TargetGroups = [
      { TargetGroupArn: blue, Weight: 0 },
      { TargetGroupArn: green, Weight: 100 },
    ];
    const actions = JSON.stringify([{ Type: "forward", ForwardConfig: { TargetGroups } }]);
    await aws("elbv2", "modify-listener", "--listener-arn", listener, "--default-actions", actions);
    const after = await aws("elbv2", "describe-listeners", "--listener-arns", listener);
    expect(after.Listeners).toMatchObject([{ DefaultActions: [{ ForwardConfig: { TargetGroups } }] }]);
  });

  it("creates, scales, promotes and deletes task sets", async () => {
    const here = ["--cluster", "library-management-cluster", "--service", "cli-service"];
    await aws(
      "ecs",
      "create-service",
      ...["--cluster", "library-management-cluster", "--service-name", "cli-service"],
      ...["--desired-count", "2", "--deployment-controller", "type=EXTERNAL"],
    );
    const made = await aws(
      "ecs",
      "create-task-set",
      ...here,
      ...["--task-definition", "library-management-task", "--launch-type", "FARGATE"],
      ...["--network-configuration", "awsvpcConfiguration={subnets=[subnet-0a1b2c3d4e5f60001]}"],
      ...["--scale", "value=100,unit=PERCENT", "--external-id", "switchyard:blue"],
    );
    expect(made.taskSet).toMatchObject({ computedDesiredCount: 2, externalId: "switchyard:blue" });
    const { id } = made.taskSet as { id: string };
    await aws("ecs", "update-service-primary-task-set", ...here, "--primary-task-set", id);
    await aws("ecs", "update-task-set", ...here, "--task-set", id, "--scale", "value=0,unit=PERCENT");
    const described = await aws("ecs", "describe-task-sets", ...here, "--task-sets", id);
    expect(described.taskSets).toMatchObject([{ status: "PRIMARY", scale: { value: 0 }, computedDesiredCount: 0 }]);
    await expect(aws("ecs", "delete-task-set", ...here, "--task-set", id)).rejects.toThrow(
      /\(InvalidParameterException\) when calling the DeleteTaskSet operation.*: Primary TaskSet cannot be deleted/,
    );
    const deleted = await aws("ecs", "delete-task-set", ...here, "--task-set", id, "--force");
    expect(deleted.taskSet).toMatchObject({ status: "DRAINING" });
  });

  it("puts metrics and alarms and reads them back", async () => {
    await aws("cloudwatch", "put-metric-data", "--namespace", "Library", "--metric-name", "Loans", "--value", "3");
    const query = { Metric: { Namespace: "Library", MetricName: "Loans" }, Period: 60, Stat: "Sum" };
    const queries = JSON.stringify([{ Id: "loans", MetricStat: query }]);
    const [start, end] = [-300_000, 300_000].map((ms) => new Date(Date.now() + ms).toISOString());
    const span = ["--start-time", start ?? "", "--end-time", end ?? ""];
    const data = await aws("cloudwatch", "get-metric-data", "--metric-data-queries", queries, ...span);
    expect(data.MetricDataResults).toMatchObject([{ Id: "loans", Values: [3], StatusCode: "Complete" }]);
    const alarm = ["--alarm-name", "loans", "--namespace", "Library", "--metric-name", "Loans", "--statistic", "Sum"];
    const bound = ["--period", "60", "--evaluation-periods", "1", "--threshold", "2"];
    const operator = ["--comparison-operator", "GreaterThanThreshold"];
    await aws("cloudwatch", "put-metric-alarm", ...alarm, ...bound, ...operator);
    await aws("cloudwatch", "set-alarm-state", "--alarm-name=loans", "--state-value=ALARM", "--state-reason=drill");
    const { MetricAlarms } = await aws("cloudwatch", "describe-alarms", "--alarm-names", "loans");
    expect(MetricAlarms).toMatchObject([{ AlarmName: "loans", StateValue: expect.any(String), Threshold: 2 }]);
    const missing = aws("cloudwatch", "delete-alarms", "--alarm-names", "nothing");
    await expect(missing).rejects.toThrow("(ResourceNotFound)");
  });

  it("shows AWS's error codes and messages", async () => {
    const missing = aws("ecs", "describe-services", "--cluster", "nothing", "--services", "a");
    await expect(missing).rejects.toThrow(/\(ClusterNotFoundException\) when calling the DescribeServices operation/);
    const group = aws("elbv2", "describe-target-groups", "--names", "nothing");
    await expect(group).rejects.toThrow(/\(TargetGroupNotFound\) when calling the DescribeTargetGroups operation/);
    const invalid = aws("elbv2", "create-target-group", "--name", "x", "--health-check-interval-seconds", "301");
    await expect(invalid).rejects.toThrow(/\(ValidationError\).*less than or equal to 300/s);
    const unknown = aws("ecs", "list-attributes", "--target-type", "container-instance");
    await expect(unknown).rejects.toThrow(/\(UnknownOperationException\)/);
  });
});

describe("AWS CLI", () => {
  it.runIf(clis.length === 0)("is not on this machine: nothing to check", () => {
    expect(clis).toEqual([]);
  });
});
