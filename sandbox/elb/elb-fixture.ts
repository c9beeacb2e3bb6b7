import { createServer, type IncomingMessage, type RequestListener, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import {
  type Action,
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  type CreateTargetGroupCommandInput,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
  ModifyTargetGroupAttributesCommand,
  RegisterTargetsCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { startTestServer, testBase } from "../protocol/test-server.ts";
import { createElb } from "./elb.ts";

/** For tests: an ELB behind the real protocol, a client of the real SDK, and a clock that moves only when told to. */
export async function startElb() {
  const base = testBase();
  const elb = createElb(base, { listenerPort: () => 0 });
  const server = await startTestServer({ services: [elb.service] });
  const client = new ElasticLoadBalancingV2Client(server.clientConfig);
  return {
    elb,
    client,
    clock: base.clock,
    async close() {
      client.destroy();
      await server.close();
      await elb.close();
    },
  };
}

/** What `startElb` starts. */
export type TestElb = Awaited<ReturnType<typeof startElb>>;

/** For tests: load balancer `name`, its ARN. */
export async function createLoadBalancer({ client }: TestElb, name = "library-alb"): Promise<string> {
  const { LoadBalancers } = await client.send(
    new CreateLoadBalancerCommand({ Name: name, Subnets: ["subnet-0a", "subnet-0b"] }),
  );
  return LoadBalancers?.[0]?.LoadBalancerArn ?? "";
}

/** For tests: an ip target group, its ARN. */
export async function createTargetGroup(
  { client }: TestElb,
  name: string,
  settings: Partial<CreateTargetGroupCommandInput> = {},
): Promise<string> {
  const { TargetGroups } = await client.send(
    new CreateTargetGroupCommand({
      Name: name,
      Protocol: "HTTP",
      Port: 8081,
      VpcId: "vpc-0a1b2c3d",
      TargetType: "ip",
      ...settings,
    }),
  );
  return TargetGroups?.[0]?.TargetGroupArn ?? "";
}

/** For tests: a listener on HTTP `port`, its ARN. */
export async function createListener(
  { client }: TestElb,
  LoadBalancerArn: string,
  action: Action,
  port = 80,
): Promise<string> {
  const { Listeners } = await client.send(
    new CreateListenerCommand({ LoadBalancerArn, Protocol: "HTTP", Port: port, DefaultActions: [action] }),
  );
  return Listeners?.[0]?.ListenerArn ?? "";
}

/** For tests: a forward with weights by target group ARN. */
export function weighted(weights: Readonly<Record<string, number>>, stickySeconds?: number): Action {
  return {
    Type: "forward",
    ForwardConfig: {
      TargetGroups: Object.entries(weights).map(([TargetGroupArn, Weight]) => ({ TargetGroupArn, Weight })),
      ...(stickySeconds === undefined
        ? {}
        : { TargetGroupStickinessConfig: { Enabled: true, DurationSeconds: stickySeconds } }),
    },
  };
}

/** For tests: registers targets given as `id:port`. */
export async function register({ client }: TestElb, TargetGroupArn: string, ...targets: string[]): Promise<void> {
  const Targets = targets.map((target) => {
    const [Id = "", port] = target.split(":");
    return { Id, Port: Number(port) };
  });
  await client.send(new RegisterTargetsCommand({ TargetGroupArn, Targets }));
}

/** For tests: sets one target group attribute. */
export async function setAttribute({ client }: TestElb, TargetGroupArn: string, Key: string, Value: string) {
  await client.send(new ModifyTargetGroupAttributesCommand({ TargetGroupArn, Attributes: [{ Key, Value }] }));
}

/** For tests: the group's targets as `id state/reason`. */
export async function healthOf({ client }: TestElb, TargetGroupArn: string): Promise<string[]> {
  const { TargetHealthDescriptions = [] } = await client.send(new DescribeTargetHealthCommand({ TargetGroupArn }));
  return TargetHealthDescriptions.map(({ Target, TargetHealth }) => {
    const reason = TargetHealth?.Reason ? `/${TargetHealth.Reason}` : "";
    return `${Target?.Id} ${TargetHealth?.State}${reason}`;
  });
}

/** For tests: a real HTTP target, with what it saw. */
export async function startTarget(listener: RequestListener) {
  const server: Server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    server,
    key: `127.0.0.1:${port}`,
    port,
    close() {
      server.closeAllConnections();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** What a client got. */
export interface Got {
  status: number;
  headers: IncomingMessage["headers"];
  body: string;
}

/** For tests: one request on a connection of its own. */
export function get(
  url: string,
  options: { method?: string; path?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Got> {
  return new Promise((resolve, reject) => {
    const { method = "GET", path = "/", headers = {} } = options;
    const call = request(new URL(path, url), { method, headers, agent: false }, (response) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        body += chunk;
      });
      response.on("error", reject);
      response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    });
    call.on("error", reject);
    call.end(options.body);
  });
}

/** For tests: waits for real time to make something true, at most 5 s. */
export async function until(isTrue: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const end = Date.now() + 5000;
  while (!(await isTrue())) {
    if (Date.now() > end) throw new Error(`timed out waiting until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
