import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { expect, onTestFinished, test } from "vitest";
import { createClients } from "./clients.ts";

/* Where calls go. Nothing here asks AWS. */

const OPTIONS = { connectTimeoutMs: 2000, requestTimeoutMs: 2000 };

/** A server that notes what it was asked and refuses it. */
async function startServer() {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.writeHead(403, { "content-type": "text/xml" }).end("<ErrorResponse/>");
  });
  server.on("connect", (request, socket) => {
    asked.push(`CONNECT ${request.url}`);
    socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return { asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** Sets these for the running test, as the SDK reads them. */
function setEnv(env: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(env)) {
    const before = process.env[name];
    process.env[name] = value;
    onTestFinished(() => {
      if (before === undefined) delete process.env[name];
      else process.env[name] = before;
    });
  }
}

async function ask(options: Parameters<typeof createClients>[0]): Promise<void> {
  setEnv({ AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" });
  const clients = createClients({ ...OPTIONS, ...options });
  onTestFinished(() => clients.destroy());
  await clients.sts.send(new GetCallerIdentityCommand({})).catch(() => undefined);
}

test("calls go through the proxy that the environment names, but for hosts that NO_PROXY excludes", async () => {
  const proxy = await startServer();
  const HTTPS_PROXY = proxy.url;
  await ask({ region: "eu-central-1", endpoint: null, proxyEnv: { HTTPS_PROXY } });
  expect(proxy.asked).toEqual(["CONNECT sts.eu-central-1.amazonaws.com:443"]);
  await ask({ region: "eu-central-1", endpoint: "http://vpce.example", proxyEnv: { HTTP_PROXY: proxy.url } });
  expect(proxy.asked).toEqual(["CONNECT sts.eu-central-1.amazonaws.com:443", "POST http://vpce.example/"]);
  await ask({
    region: "eu-central-1",
    endpoint: "http://vpce.invalid",
    proxyEnv: { HTTP_PROXY: proxy.url, NO_PROXY: ".invalid" },
  });
  expect(proxy.asked).toHaveLength(2);
});

test("an endpoint on this machine is never behind a proxy", async () => {
  const [proxy, sandbox] = [await startServer(), await startServer()];
  await ask({ region: "eu-central-1", endpoint: sandbox.url, proxyEnv: { HTTP_PROXY: proxy.url } });
  expect(sandbox.asked).toEqual(["POST /"]);
  expect(proxy.asked).toEqual([]);
});

test.each([
  ["eu-central-1", {}, "sts.eu-central-1.amazonaws.com"],
  ["us-gov-west-1", {}, "sts.us-gov-west-1.amazonaws.com"],
  ["us-east-1", { AWS_USE_FIPS_ENDPOINT: "true" }, "sts-fips.us-east-1.amazonaws.com"],
  ["cn-north-1", {}, "sts.cn-north-1.amazonaws.com.cn"],
  ["eusc-de-east-1", {}, "sts.eusc-de-east-1.amazonaws.eu"],
  // A Region that this SDK has never heard of, in a partition whose pattern it has.
  ["eu-north-7", {}, "sts.eu-north-7.amazonaws.com"],
  ["eu-central-1", { AWS_ENDPOINT_URL_STS: "https://vpce-1.sts.example" }, "vpce-1.sts.example"],
])("in %s with %j, STS is asked at %s", async (region, env, host) => {
  setEnv(env);
  const proxy = await startServer();
  await ask({ region, endpoint: null, proxyEnv: { HTTPS_PROXY: proxy.url } });
  expect(proxy.asked).toEqual([`CONNECT ${host}:443`]);
});

test("dual-stack endpoints are asked where the environment wants them", async () => {
  setEnv({ AWS_USE_DUALSTACK_ENDPOINT: "true" });
  const clients = createClients({ ...OPTIONS, region: "eu-central-1", endpoint: null });
  onTestFinished(() => clients.destroy());
  expect(await clients.ecr.config.useDualstackEndpoint()).toBe(true);
  expect(await clients.ecr.config.useFipsEndpoint()).toBe(false);
});
