import { request as httpRequest } from "node:http";
import {
  CloudWatchLogsClient,
  PutLogEventsCommand,
  ResourceNotFoundException,
  StartLiveTailCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { ClusterNotFoundException, DescribeServicesCommand, ECSClient, ListClustersCommand } from "@aws-sdk/client-ecs";
import {
  AddTagsCommand,
  DescribeRulesCommand,
  ElasticLoadBalancingV2Client,
  ModifyListenerCommand,
  TargetGroupNotFoundException,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { AwsError, type SimulatedService } from "../service.ts";
import { startTestServer, type TestServer } from "./test-server.ts";

const signed = { authorization: "AWS4-HMAC-SHA256 Credential=test/20260101/ap-northeast-2/ecs/aws4_request" };

let server: TestServer;
const inputs: unknown[] = [];
const bugs: unknown[] = [];
const when = new Date("2026-01-02T03:04:05.678Z");
let tail: (signal: AbortSignal) => AsyncIterable<unknown>;

const services: SimulatedService[] = [
  {
    name: "ecs",
    operations: {
      DescribeServices(input) {
        inputs.push(input);
        return { services: [{ serviceName: "blue", createdAt: when, desiredCount: 2 }], failures: [] };
      },
      ListClusters() {
        throw new Error("a bug");
      },
      DescribeClusters() {
        throw new AwsError("ClusterNotFoundException", "Cluster not found.");
      },
    },
  },
  {
    name: "elbv2",
    operations: {
      ModifyListener(input) {
        inputs.push(input);
        return { Listeners: [{ ListenerArn: input.ListenerArn, Port: 80, DefaultActions: input.DefaultActions }] };
      },
      AddTags(input) {
        inputs.push(input);
        return {};
      },
      DescribeRules() {
        throw new AwsError("TargetGroupNotFound", "One or more target groups not found <here> & there");
      },
    },
  },
  {
    name: "logs",
    operations: {
      PutLogEvents(input) {
        inputs.push(input);
        throw new AwsError("ResourceNotFoundException", "The specified log group does not exist.");
      },
      StartLiveTail: (_input, call) => ({ responseStream: tail(call.signal) }),
    },
  },
];

beforeEach(async () => {
  inputs.length = 0;
  bugs.length = 0;
  server = await startTestServer({ services, onBug: (error) => bugs.push(error) });
});

afterEach(async () => {
  await server.close();
});

describe("AWS JSON", () => {
  it("decodes the input and encodes the output of the ECS client, timestamps and request id included", async () => {
    const ecs = new ECSClient(server.clientConfig);
    const output = await ecs.send(new DescribeServicesCommand({ cluster: "c", services: ["blue"], include: ["TAGS"] }));
    expect(inputs).toEqual([{ cluster: "c", services: ["blue"], include: ["TAGS"] }]);
    expect(output.services?.[0]).toMatchObject({ serviceName: "blue", createdAt: when, desiredCount: 2 });
    expect(output.$metadata.requestId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("answers a modelled error as the client's own exception class", async () => {
    const logs = new CloudWatchLogsClient(server.clientConfig);
    const command = new PutLogEventsCommand({
      logGroupName: "g",
      logStreamName: "s",
      logEvents: [{ timestamp: 1, message: "m" }],
    });
    const error = await logs.send(command).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ResourceNotFoundException);
    expect(error).toMatchObject({
      message: "The specified log group does not exist.",
      $metadata: { httpStatusCode: 400 },
    });
    expect(inputs).toEqual([{ logGroupName: "g", logStreamName: "s", logEvents: [{ timestamp: 1, message: "m" }] }]);
  });

  it("answers a bug of a handler with AWS's InternalFailure and tells of it", async () => {
    const ecs = new ECSClient(server.clientConfig);
    const error = await ecs.send(new ListClustersCommand({})).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: "InternalFailure", $metadata: { httpStatusCode: 500 } });
    expect(String(bugs[0])).toContain("a bug");
  });

  it.each([
    ["not json", "{", "SerializationException"],
    ["a list for the input", "[]", "SerializationException"],
    ["a number for a string", '{"services":[7]}', "SerializationException"],
    ["a string for a list", '{"services":"blue"}', "SerializationException"],
    ["a missing required member", "{}", "InvalidParameterException"],
    ["a value outside its enum", '{"services":["a"],"include":["NAMES"]}', "InvalidParameterException"],
  ])("refuses %s", async (_name, body, code) => {
    const answer = await post({ "x-amz-target": "AmazonEC2ContainerServiceV20141113.DescribeServices" }, body);
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body).__type).toBe(code);
    expect(answer.headers["x-amzn-requestid"]).toBeTruthy();
    expect(inputs).toEqual([]);
  });

  it("words violations as AWS does, all at once", async () => {
    const answer = await post({ "x-amz-target": "Logs_20140328.PutLogEvents" }, '{"logStreamName":""}');
    expect(JSON.parse(answer.body).message).toBe(
      "3 validation errors detected: Value null at 'logGroupName' failed to satisfy constraint: Member must not be null; " +
        "Value null at 'logEvents' failed to satisfy constraint: Member must not be null; " +
        "Value '' at 'logStreamName' failed to satisfy constraint: Member must have length greater than or equal to 1",
    );
  });

  it.each([
    "Logs_20140328.Nonsense",
    "Logs_20140328.DescribeQueries",
    "S3_1.GetObject",
    "nonsense",
    "Logs_20140328.toString",
  ])("answers UnknownOperationException for %s", async (target) => {
    const answer = await post({ "x-amz-target": target }, "{}");
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body).__type).toBe("UnknownOperationException");
  });

  it("refuses a call without Authorization", async () => {
    const answer = await post({ "x-amz-target": "Logs_20140328.PutLogEvents", authorization: "" }, "{}");
    expect(answer.status).toBe(403);
    expect(JSON.parse(answer.body).__type).toBe("MissingAuthenticationTokenException");
  });

  it("answers the ClusterNotFoundException that ECS clients know", async () => {
    const answer = await post({ "x-amz-target": "AmazonEC2ContainerServiceV20141113.DescribeClusters" }, "{}");
    expect(JSON.parse(answer.body)).toEqual({ __type: ClusterNotFoundException.name, message: "Cluster not found." });
  });
});

describe("Query", () => {
  it("decodes nested lists and encodes them again", async () => {
    const elb = new ElasticLoadBalancingV2Client(server.clientConfig);
    const DefaultActions = [
      {
        Type: "forward" as const,
        ForwardConfig: {
          TargetGroups: [
            { TargetGroupArn: "blue", Weight: 0 },
            { TargetGroupArn: "green", Weight: 100 },
          ],
          TargetGroupStickinessConfig: { Enabled: false },
        },
      },
    ];
    const output = await elb.send(new ModifyListenerCommand({ ListenerArn: "arn", DefaultActions }));
    expect(inputs).toEqual([{ ListenerArn: "arn", DefaultActions }]);
    expect(output.Listeners).toEqual([{ ListenerArn: "arn", Port: 80, DefaultActions }]);
    expect(output.$metadata.requestId).toBeTruthy();
  });

  it("keeps an empty list empty", async () => {
    const elb = new ElasticLoadBalancingV2Client(server.clientConfig);
    await elb.send(new ModifyListenerCommand({ ListenerArn: "arn", DefaultActions: [] }));
    expect(inputs).toEqual([{ ListenerArn: "arn", DefaultActions: [] }]);
  });

  it("keeps more than nine list elements in order", async () => {
    const elb = new ElasticLoadBalancingV2Client(server.clientConfig);
    const ResourceArns = Array.from({ length: 12 }, (_, index) => `arn-${index}`);
    await elb.send(new AddTagsCommand({ ResourceArns, Tags: [{ Key: "a b+=", Value: "한글" }] }));
    expect(inputs).toEqual([{ ResourceArns, Tags: [{ Key: "a b+=", Value: "한글" }] }]);
  });

  it("answers a modelled error as the client's own exception class, markup escaped", async () => {
    const elb = new ElasticLoadBalancingV2Client(server.clientConfig);
    const error = await elb.send(new DescribeRulesCommand({})).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(TargetGroupNotFoundException);
    expect(error).toMatchObject({
      message: "One or more target groups not found <here> & there",
      Code: "TargetGroupNotFound",
      Type: "Sender",
    });
  });

  it.each([
    ["a missing required member", "Action=ModifyListener&Version=2015-12-01", "ValidationError"],
    [
      "a value outside its range",
      "Action=ModifyListener&Version=2015-12-01&ListenerArn=a&Port=70000",
      "ValidationError",
    ],
    [
      "a value outside its enum",
      "Action=ModifyListener&Version=2015-12-01&ListenerArn=a&Protocol=FTP",
      "ValidationError",
    ],
    ["text for a number", "Action=ModifyListener&Version=2015-12-01&ListenerArn=a&Port=x", "MalformedInput"],
    [
      "a list index of zero",
      "Action=ModifyListener&Version=2015-12-01&ListenerArn=a&DefaultActions.member.0.Type=x",
      "MalformedInput",
    ],
    ["an unknown action", "Action=Nonsense&Version=2015-12-01", "InvalidAction"],
    ["another version", "Action=ModifyListener&Version=2012-06-01", "InvalidAction"],
    ["no action", "Version=2015-12-01", "MissingAction"],
  ])("refuses %s", async (_name, body, code) => {
    const answer = await post({ "content-type": "application/x-www-form-urlencoded" }, body);
    expect(answer.status).toBe(400);
    expect(answer.body).toContain(`<Type>Sender</Type><Code>${code}</Code>`);
    expect(answer.body).toContain("<RequestId>");
    expect(inputs).toEqual([]);
  });

  it("refuses a call without Authorization", async () => {
    const answer = await post({ authorization: "" }, "Action=ModifyListener&Version=2015-12-01&ListenerArn=a");
    expect(answer.status).toBe(403);
    expect(answer.body).toContain("<Code>MissingAuthenticationToken</Code>");
  });
});

describe("event stream", () => {
  it("streams events to the client as they come and ends with the modelled exception", async () => {
    tail = async function* () {
      yield { sessionStart: { sessionId: "s1", logGroupIdentifiers: ["g"] } };
      yield {
        sessionUpdate: { sessionMetadata: { sampled: false }, sessionResults: [{ message: "line", timestamp: 5 }] },
      };
      throw new AwsError("SessionTimeoutException", "The session has timed out.");
    };
    const logs = new CloudWatchLogsClient(server.clientConfig);
    const output = await logs.send(new StartLiveTailCommand({ logGroupIdentifiers: ["arn"] }));
    const seen: unknown[] = [];
    const ended = (async () => {
      for await (const event of output.responseStream ?? []) seen.push(event);
    })();
    await expect(ended).rejects.toMatchObject({ name: "SessionTimeoutException" });
    expect(seen).toEqual([
      { sessionStart: { sessionId: "s1", logGroupIdentifiers: ["g"] } },
      { sessionUpdate: { sessionMetadata: { sampled: false }, sessionResults: [{ message: "line", timestamp: 5 }] } },
    ]);
  });

  it("breaks the connection when the source fails, and tells of the bug", async () => {
    tail = async function* () {
      yield { sessionStart: { sessionId: "s1" } };
      throw new Error("a bug in the stream");
    };
    const logs = new CloudWatchLogsClient(server.clientConfig);
    const ended = (async () => {
      const output = await logs.send(new StartLiveTailCommand({ logGroupIdentifiers: ["arn"] }));
      for await (const _event of output.responseStream ?? []) {
        // Read to the end.
      }
    })();
    await expect(ended).rejects.toThrow();
    expect(String(bugs[0])).toContain("a bug in the stream");
  });

  it("aborts the handler's signal when the client goes away", async () => {
    const gone = Promise.withResolvers<void>();
    tail = async function* (signal) {
      yield { sessionStart: { sessionId: "s1" } };
      await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
      gone.resolve();
    };
    const logs = new CloudWatchLogsClient(server.clientConfig);
    const abort = new AbortController();
    const command = new StartLiveTailCommand({ logGroupIdentifiers: ["arn"] });
    const output = await logs.send(command, { abortSignal: abort.signal });
    const iterator = output.responseStream?.[Symbol.asyncIterator]();
    expect((await iterator?.next())?.value).toMatchObject({ sessionStart: { sessionId: "s1" } });
    logs.destroy();
    abort.abort();
    await gone.promise;
  });
});

function post(headers: Record<string, string>, body: string) {
  const merged: Record<string, string> = { ...signed, ...headers };
  if (merged.authorization === "") delete merged.authorization;
  return new Promise<{ status: number; headers: Record<string, unknown>; body: string }>((resolve, reject) => {
    const request = httpRequest(server.url, { method: "POST", headers: merged }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        text += chunk;
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
    });
    request.on("error", reject);
    request.end(body);
  });
}
