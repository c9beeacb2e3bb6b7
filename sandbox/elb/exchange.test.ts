import { once } from "node:events";
import { Agent, type IncomingMessage, request } from "node:http";
import { type AddressInfo, connect, createServer as createTcpServer } from "node:net";
import { text } from "node:stream/consumers";
import { DeregisterTargetsCommand, ModifyListenerCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  createListener,
  createLoadBalancer,
  createTargetGroup,
  get,
  register,
  setAttribute,
  startElb,
  startTarget,
  type TestElb,
  until,
  weighted,
} from "./elb-fixture.ts";

let world: TestElb;
let blue: string;
let green: string;
let listener: string;
let url: string;
const targets: { close(): Promise<void> }[] = [];

/** A target in a group, answering with `name` unless told otherwise. */
async function target(group: string, name: string, answer?: Parameters<typeof startTarget>[0]) {
  const started = await startTarget(answer ?? ((_request, response) => response.end(name)));
  targets.push(started);
  await register(world, group, started.key);
  return started;
}

beforeEach(async () => {
  world = await startElb();
  blue = await createTargetGroup(world, "blue");
  green = await createTargetGroup(world, "green");
  listener = await createListener(world, await createLoadBalancer(world), weighted({ [blue]: 100, [green]: 0 }));
  url = world.elb.controls.listenerUrls()["library-alb:80"] ?? "";
});

afterEach(async () => {
  await world.close();
  await Promise.all(targets.splice(0).map((one) => one.close()));
});

describe("a request through the load balancer", () => {
  it("reaches the target with X-Forwarded-* and a trace id, without what concerns the client's connection only", async () => {
    let seen: IncomingMessage["headers"] = {};
    await target(blue, "blue", (incoming, response) => {
      seen = incoming.headers;
      response.end();
    });
    await get(url, {
      headers: {
        host: "library.example",
        connection: "close, x-private",
        "x-private": "1",
        "keep-alive": "timeout=5",
        "x-forwarded-for": "203.0.113.7",
        "x-forwarded-proto": "https",
        "x-forwarded-port": "443",
        "x-kept": "yes",
      },
    });
    expect(seen).toMatchObject({
      host: "library.example",
      "x-forwarded-for": "203.0.113.7, 127.0.0.1",
      "x-forwarded-proto": "http",
      "x-forwarded-port": "80",
      "x-kept": "yes",
    });
    expect(seen["x-amzn-trace-id"]).toMatch(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/);
    expect(seen).not.toHaveProperty("x-private");
    expect(seen).not.toHaveProperty("keep-alive");
  });

  it("keeps a trace id that the client sent", async () => {
    let trace = "";
    await target(blue, "blue", (incoming, response) => {
      trace = String(incoming.headers["x-amzn-trace-id"]);
      response.end();
    });
    await get(url, { headers: { "x-amzn-trace-id": "Root=1-67891233-abcdef012345678912345678" } });
    expect(trace).toMatch(/^Self=1-[0-9a-f]{8}-[0-9a-f]{24};Root=1-67891233-abcdef012345678912345678$/);
  });

  it("brings back the target's status, reason, headers and body", async () => {
    await target(blue, "blue", (_incoming, response) => {
      response.writeHead(418, "Short And Stout", { "X-Own": "1", "Set-Cookie": ["a=1", "b=2"], Connection: "close" });
      response.end("tea");
    });
    const got = await get(url);
    expect(got).toMatchObject({ status: 418, body: "tea" });
    expect(got.headers).toMatchObject({ "x-own": "1", "set-cookie": ["a=1", "b=2"] });
  });

  it.each(["POST", "PUT", "DELETE", "GET"])("carries the body of a %s, with a length or chunked", async (method) => {
    await target(blue, "blue", async (incoming, response) => {
      response.end(`${incoming.method} ${incoming.headers["content-length"]} ${await text(incoming)}`);
    });
    expect((await get(url, { method, body: "hello", headers: { "content-length": "5" } })).body).toBe(
      `${method} 5 hello`,
    );
    const chunked = await get(url, { method, body: "hello", headers: { "transfer-encoding": "chunked" } });
    expect(chunked.body).toBe(`${method} undefined hello`);
  });

  it("can be a HEAD, or have an answer without a body", async () => {
    await target(blue, "blue", (incoming, response) => {
      if (incoming.method === "HEAD") response.writeHead(200, { "content-length": "1234" }).end();
      else response.writeHead(incoming.url === "/304" ? 304 : 204).end();
    });
    expect(await get(url, { method: "HEAD" })).toMatchObject({ status: 200, headers: { "content-length": "1234" } });
    expect(await get(url)).toMatchObject({ status: 204, body: "" });
    expect(await get(url, { path: "/304" })).toMatchObject({ status: 304, body: "" });
  });

  it("can come in HTTP/1.0, and be pipelined", async () => {
    await target(blue, "blue", (incoming, response) => {
      response.write(`${incoming.url} `);
      response.end("done");
    });
    const old = connect(Number(new URL(url).port), "127.0.0.1");
    old.write("GET /old HTTP/1.0\r\n\r\n");
    expect(await text(old)).toMatch(/\r\n\r\n\/old done$/);
    const pipelined = connect(Number(new URL(url).port), "127.0.0.1");
    const head = (path: string, connection: string) =>
      `GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: ${connection}\r\n\r\n`;
    pipelined.write(head("/1", "keep-alive") + head("/2", "keep-alive") + head("/3", "close"));
    const answers = await text(pipelined);
    expect(answers.match(/\/\d /g)).toEqual(["/1 ", "/2 ", "/3 "]);
  });

  it("gets the answer of a target that does not wait for its body", async () => {
    await target(blue, "blue", (_incoming, response) => response.writeHead(413).end("too large"));
    const body = "x".repeat(4_000_000);
    for (let at = 0; at < 3; at++) {
      expect(await get(url, { method: "POST", body })).toMatchObject({ status: 413, body: "too large" });
    }
  });

  it("carries large bodies both ways unchanged", async () => {
    await target(blue, "blue", (incoming, response) => void incoming.pipe(response));
    const body = "0123456789".repeat(500_000);
    expect((await get(url, { method: "POST", body })).body === body).toBe(true);
  });

  it("streams both ways: each piece arrives before the next is sent", async () => {
    await target(blue, "blue", (incoming, response) => {
      response.flushHeaders();
      incoming.on("data", (chunk: Buffer) => response.write(`<${chunk}>`));
      incoming.on("end", () => response.end());
    });
    const call = request(url, { method: "POST", agent: false });
    call.write("1");
    const [response] = (await once(call, "response")) as [IncomingMessage];
    response.setEncoding("utf8");
    expect(await once(response, "data")).toEqual(["<1>"]);
    call.write("2");
    expect(await once(response, "data")).toEqual(["<2>"]);
    call.end();
    await once(response.resume(), "end");
  });

  it("keeps connections to targets alive", async () => {
    const one = await target(blue, "blue");
    let connections = 0;
    one.server.on("connection", () => connections++);
    for (let at = 0; at < 5; at++) expect((await get(url)).body).toBe("blue");
    expect(connections).toBe(1);
  });

  it("is spread round robin over the targets of a group", async () => {
    for (const name of ["a", "b", "c"]) await target(blue, name);
    const bodies: string[] = [];
    for (let at = 0; at < 9; at++) bodies.push((await get(url)).body);
    expect(bodies.toSorted()).toEqual(["a", "a", "a", "b", "b", "b", "c", "c", "c"]);
    expect(new Set(bodies.slice(0, 3)).size).toBe(3);
  });

  it("goes to the target with the fewest outstanding requests where the group says so", async () => {
    await setAttribute(world, blue, "load_balancing.algorithm.type", "least_outstanding_requests");
    const slow = await target(blue, "slow", () => {});
    await target(blue, "quick");
    const stuck = [request(url, { agent: false }), request(url, { agent: false })];
    const arrived = new Promise((resolve) => slow.server.once("request", resolve));
    for (const call of stuck) call.on("error", () => {}).end();
    await arrived;
    for (let at = 0; at < 6; at++) expect((await get(url)).body).toBe("quick");
    for (const call of stuck) call.destroy();
  });

  it.each([
    [
      { blue: 3, green: 1 },
      { blue: 30, green: 10 },
    ],
    [{ blue: 0, green: 999 }, { green: 40 }],
    [
      { blue: 100, green: 100 },
      { blue: 20, green: 20 },
    ],
  ])("is shared between groups by the weights %j", async (weights, expected) => {
    await target(blue, "blue");
    await target(green, "green");
    const DefaultActions = [weighted({ [blue]: weights.blue, [green]: weights.green })];
    await world.client.send(new ModifyListenerCommand({ ListenerArn: listener, DefaultActions }));
    const counts: Record<string, number> = {};
    for (let at = 0; at < 40; at++) {
      const { body } = await get(url);
      counts[body] = (counts[body] ?? 0) + 1;
    }
    expect(counts).toEqual(expected);
  });

  it("is never failed by weights that flip under concurrent load", async () => {
    await target(blue, "blue");
    await target(green, "green");
    const agent = new Agent({ keepAlive: true, maxSockets: 20 });
    const statuses = new Map<string, number>();
    let isOver = false;
    const send = () =>
      new Promise<void>((resolve) => {
        const count = (key: string) => {
          statuses.set(key, (statuses.get(key) ?? 0) + 1);
          resolve();
        };
        const call = request(url, { agent }, (response) => {
          response.resume().on("end", () => count(String(response.statusCode)));
        });
        call.on("error", () => count("error")).end();
      });
    const clients = Array.from({ length: 20 }, async () => {
      while (!isOver) await send();
    });
    for (let flip = 0; flip < 40; flip++) {
      const isBlue = flip % 2 === 0;
      const DefaultActions = [weighted({ [blue]: isBlue ? 0 : 100, [green]: isBlue ? 100 : 0 })];
      await world.client.send(new ModifyListenerCommand({ ListenerArn: listener, DefaultActions }));
      const before = statuses.get("200") ?? 0;
      await until(() => (statuses.get("200") ?? 0) > before + 10, "requests went on");
    }
    isOver = true;
    await Promise.all(clients);
    agent.destroy();
    expect([...statuses.keys()]).toEqual(["200"]);
    const { targetGroups } = world.elb.controls.stats();
    expect(targetGroups.blue?.target2xx).toBeGreaterThan(0);
    expect(targetGroups.green?.target2xx).toBeGreaterThan(0);
  });
});

describe("what the load balancer answers itself", () => {
  const page = (title: string) =>
    `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n</body>\r\n</html>\r\n`;

  it("is 503 for a group without targets", async () => {
    const got = await get(url);
    expect(got).toMatchObject({ status: 503, body: page("503 Service Temporarily Unavailable") });
    expect(got.headers).toMatchObject({ server: "awselb/2.0", "content-type": "text/html", "content-length": "162" });
  });

  it("is 503 when every weight is 0", async () => {
    await target(blue, "blue");
    world.elb.controls.setWeights("library-alb:80", { blue: 0, green: 0 });
    expect((await get(url)).status).toBe(503);
  });

  it("is 502 for a target that refuses the connection", async () => {
    const gone = await startTarget(() => {});
    await gone.close();
    await register(world, blue, gone.key);
    expect(await get(url)).toMatchObject({ status: 502, body: page("502 Bad Gateway") });
  });

  it.each([
    ["closes without an answer", ""],
    ["answers what is not HTTP", "nonsense\r\n\r\n"],
    ["answers half a head", "HTTP/1.1 200 OK\r\nContent-"],
    ["switches protocols unasked", "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n"],
    ["answers with headers without end", `HTTP/1.1 200 OK\r\nX: ${"x".repeat(70_000)}\r\n\r\n`],
    ["answers with two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"],
    ["splits a header", "HTTP/1.1 200 OK\r\nX: a\rSet-Cookie: b=1\r\nContent-Length: 0\r\n\r\n"],
  ])("is 502 for a target that %s", async (_what, bytes) => {
    const server = createTcpServer((socket) => {
      socket.on("error", () => {});
      socket.once("data", () => socket.end(bytes));
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    await register(world, blue, `127.0.0.1:${(server.address() as AddressInfo).port}`);
    expect((await get(url)).status).toBe(502);
    server.close();
  });

  it("is nothing more once the answer has begun: the client is cut off", async () => {
    await target(blue, "blue", (_incoming, response) => {
      response.writeHead(200, { "content-length": "100" });
      response.write("half", () => response.destroy());
    });
    await expect(get(url)).rejects.toThrow();
    expect((await get(url).catch(() => null))?.status).toBeUndefined();
  });

  it("is 504 for a target that says nothing for the idle timeout", async () => {
    const silent = await target(blue, "blue", () => {});
    const arrived = once(silent.server, "request");
    const answer = get(url);
    await arrived;
    world.clock.advance(59_000);
    world.clock.advance(2000);
    expect(await answer).toMatchObject({ status: 504, body: page("504 Gateway Time-out") });
  });

  it("is 400 for what is not HTTP, and the proxy lives on", async () => {
    await target(blue, "blue");
    const socket = connect(Number(new URL(url).port), "127.0.0.1");
    socket.write("GARBAGE\r\n\r\n");
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 400 Bad Request\r\nServer: awselb\/2\.0/);
    expect((await get(url)).body).toBe("blue");
  });

  it("survives clients that vanish in the middle of a request or an answer", async () => {
    const slow = await target(blue, "blue", (_incoming, response) => response.write("begun"));
    for (const head of [
      "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf",
    ]) {
      const arrived = once(slow.server, "request");
      const socket = connect(Number(new URL(url).port), "127.0.0.1");
      socket.on("error", () => {});
      socket.write(head);
      const [incoming] = await arrived;
      const closed = new Promise((resolve) => incoming.socket.once("close", resolve));
      socket.resetAndDestroy();
      await closed;
    }
    await until(
      () => world.elb.controls.stats().targetGroups.blue?.targets[slow.key]?.active === 0,
      "nothing is active",
    );
  });
});

describe("targets", () => {
  it("get traffic only while healthy, and all of them when none is (fail-open)", async () => {
    await register(world, blue, "10.0.0.1:80", "10.0.0.2:80");
    world.clock.advance(1000);
    world.elb.controls.setVirtualHealth("10.0.0.1", 500);
    world.clock.advance(70_000);
    for (let at = 0; at < 4; at++) expect((await get(url)).body).toBe("10.0.0.2:80\n");
    world.elb.controls.setVirtualHealth("10.0.0.2", 500);
    world.clock.advance(70_000);
    const bodies = new Set<string>();
    for (let at = 0; at < 4; at++) bodies.add((await get(url)).body);
    expect(bodies).toEqual(new Set(["10.0.0.1:80\n", "10.0.0.2:80\n"]));
  });

  it("get no new request while draining, and finish what they have", async () => {
    let finish = () => {};
    const old = await target(blue, "old", (incoming, response) => {
      if (incoming.url !== "/slow") return void response.end("old");
      response.write("begun ");
      finish = () => response.end("and finished");
    });
    const arrived = once(old.server, "request");
    const slow = get(url, { path: "/slow" });
    await arrived;
    await target(blue, "new");
    const Targets = [{ Id: "127.0.0.1", Port: old.port }];
    await world.client.send(new DeregisterTargetsCommand({ TargetGroupArn: blue, Targets }));
    for (let at = 0; at < 5; at++) expect((await get(url)).body).toBe("new");
    world.clock.advance(30_000);
    finish();
    expect((await slow).body).toBe("begun and finished");
  });

  it("are cut off from what still runs on them when the deregistration delay ends", async () => {
    await setAttribute(world, blue, "deregistration_delay.timeout_seconds", "10");
    const old = await target(blue, "old", () => {});
    const arrived = once(old.server, "request");
    const stuck = get(url);
    await arrived;
    const Targets = [{ Id: "127.0.0.1", Port: old.port }];
    await world.client.send(new DeregisterTargetsCommand({ TargetGroupArn: blue, Targets }));
    world.clock.advance(10_100);
    expect((await stuck).status).toBe(502);
  });

  it("that close a kept connection between two requests fail nobody", async () => {
    const one = await target(blue, "blue", (_incoming, response) => response.end("blue"));
    one.server.keepAliveTimeout = 0;
    one.server.on("request", (incoming, response) => {
      // The connection is closed right behind the answer, without a word in it that it will be.
      response.on("finish", () => setImmediate(() => incoming.socket.destroy()));
    });
    const agent = new Agent({ keepAlive: true, maxSockets: 10 });
    const statuses = new Set<number | undefined>();
    const client = async () => {
      for (let at = 0; at < 50; at++) {
        const call = request(url, { agent }).end();
        const [response] = (await once(call, "response")) as [IncomingMessage];
        statuses.add(response.statusCode);
        await once(response.resume(), "end");
      }
    };
    await Promise.all(Array.from({ length: 10 }, client));
    agent.destroy();
    expect(statuses).toEqual(new Set([200]));
  });

  it("get no request with a body twice, even when a kept connection breaks on it", async () => {
    let posts = 0;
    await target(blue, "blue", (incoming, response) => {
      if (incoming.method === "GET") return void response.end("blue");
      posts++;
      incoming.socket.destroy();
    });
    expect((await get(url)).body).toBe("blue");
    expect((await get(url, { method: "POST", body: "order" })).status).toBe(502);
    expect(posts).toBe(1);
  });

  it("can be replaced one after another under load without a failed request", async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 8 });
    let current = await target(blue, "0");
    const failures: unknown[] = [];
    let answered = 0;
    let isOver = false;
    const client = async () => {
      while (!isOver) {
        try {
          const [response] = (await once(request(url, { agent }).end(), "response")) as [IncomingMessage];
          if (response.statusCode !== 200) failures.push(response.statusCode);
          await once(response.resume(), "end");
          answered++;
        } catch (error) {
          failures.push(error);
        }
      }
    };
    const clients = Array.from({ length: 8 }, client);
    for (let generation = 1; generation <= 10; generation++) {
      const next = await target(blue, String(generation));
      world.elb.targets.deregister(blue, { id: "127.0.0.1", port: current.port });
      // As a task on SIGTERM: no new connections, idle ones closed, open requests finished.
      current.server.close();
      current.server.closeIdleConnections();
      current = next;
      const before = answered;
      await until(() => answered > before + 20, "requests went on");
    }
    isOver = true;
    await Promise.all(clients);
    agent.destroy();
    expect(failures).toEqual([]);
  });

  it("speak WebSocket through the load balancer", async () => {
    const one = await target(blue, "blue");
    one.server.on("upgrade", (incoming, socket) => {
      socket.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
      socket.write(`${incoming.headers["x-forwarded-proto"]};`);
      socket.pipe(socket);
      socket.on("error", () => {});
    });
    const call = request(url, { headers: { connection: "Upgrade", upgrade: "websocket" }, agent: false }).end();
    const [response, socket, head] = await once(call, "upgrade");
    expect(response.statusCode).toBe(101);
    let received = String(head);
    socket.on("data", (chunk: Buffer) => {
      received += chunk;
    });
    socket.write("ping");
    await until(() => received === "http;ping", "the echo arrived");
    socket.destroy();
  });
});

describe("statistics", () => {
  it("count requests, status classes, bytes and times by listener, group, target and second", async () => {
    const one = await target(blue, "blue", (incoming, response) => {
      response.writeHead(incoming.url === "/bad" ? 500 : 200).end("four");
    });
    world.clock.advance(500);
    for (const path of ["/", "/", "/bad"]) await get(url, { path });
    const { listeners, targetGroups } = world.elb.controls.stats();
    const counts = { requests: 3, target2xx: 2, target5xx: 1, elb5xx: 0, bytesOut: 12, responseTimeCount: 3 };
    expect(listeners["library-alb:80"]).toMatchObject(counts);
    expect(targetGroups.blue).toMatchObject({ ...counts, lastRequestAt: world.clock.now() });
    expect(targetGroups.blue?.targets[one.key]).toMatchObject({ requests: 3, active: 0 });
    expect(targetGroups.blue?.responseTimeHistogram.reduce((sum, count) => sum + count, 0)).toBe(3);
    expect(targetGroups.green).toMatchObject({ requests: 0, lastRequestAt: null });
    const now = world.clock.now();
    const seconds = world.elb.controls.targetGroupSeconds("blue", now - 60_000, now + 1000);
    expect(seconds.map(({ second, requests }) => [second, requests])).toEqual([[Math.floor(now / 1000), 3]]);
  });

  it("count the load balancer's own errors apart, and for a group only where a target could be chosen", async () => {
    await get(url);
    const counts = () => {
      const { listeners, targetGroups } = world.elb.controls.stats();
      return [listeners["library-alb:80"], targetGroups.blue];
    };
    expect(counts()).toMatchObject([{ requests: 1, elb503: 1, elb5xx: 1 }, { requests: 0 }]);
    const gone = await target(blue, "gone");
    await gone.close();
    await get(url);
    const refused = { elb502: 1, target5xx: 0, connectionErrors: 1 };
    expect(counts()).toMatchObject([
      { requests: 2, ...refused },
      { requests: 1, elb5xx: 1, ...refused },
    ]);
  });
});
