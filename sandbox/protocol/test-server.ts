import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { testClock } from "../clock.ts";
import type { SandboxBase } from "../service.ts";
import { createProtocol, type ProtocolOptions } from "./protocol.ts";

/** Made-up settings with which any SDK client talks to a test server. */
export interface TestServer {
  url: string;
  clientConfig: {
    endpoint: string;
    region: string;
    credentials: { accessKeyId: string; secretAccessKey: string };
    maxAttempts: number;
    disableHostPrefix: boolean;
  };
  close(): Promise<void>;
}

/** For tests: the protocol layer on a free loopback port, with SDK client settings that point at it. */
export async function startTestServer(options: ProtocolOptions): Promise<TestServer> {
  const server = createServer(createProtocol(options));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    clientConfig: {
      endpoint: url,
      region: "ap-northeast-2",
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
      maxAttempts: 1,
      disableHostPrefix: true,
    },
    close: () => stop(server),
  };
}

/** For tests: a base of a sandbox whose clock moves only when told to. */
export function testBase(): SandboxBase & { clock: ReturnType<typeof testClock> } {
  let state = 42;
  const random = () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
  return { clock: testClock(), place: { accountId: "123456789012", region: "ap-northeast-2" }, random };
}

function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
