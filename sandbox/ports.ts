import { createServer, type Server } from "node:http";
import { SEEDED_APPLICATIONS } from "./seed.ts";

/** Takes the port on 127.0.0.1. @throws a sentence that says which one is taken */
export function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const isTaken = error.code === "EADDRINUSE";
      reject(isTaken ? new Error(`Port ${port} is taken: stop what listens there or set SANDBOX_PORT`) : error);
    });
    server.listen(port, "127.0.0.1", () => resolve());
  });
}

/** The real port of port 80 of the first `count` seeded load balancers; 0 where it or the next one is taken, but for the first. */
export async function findFirstPorts(listenerPort: number, count: number): Promise<ReadonlyMap<string, number>> {
  const ports = SEEDED_APPLICATIONS.slice(0, count).map(async (application, index) => {
    const first = listenerPort + 2 * index;
    const isFree = listenerPort > 0 && (index === 0 || (await areFree(first, first + 1)));
    return [`${application}-alb`, isFree ? first : 0] as const;
  });
  return new Map(await Promise.all(ports));
}

/** Whether nobody listens on either port of this machine. */
async function areFree(...ports: number[]): Promise<boolean> {
  if (ports.some((port) => port > 65_535)) return false;
  const answers = ports.map(
    (port) =>
      new Promise<boolean>((resolve) => {
        const server = createServer().once("error", () => resolve(false));
        server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
      }),
  );
  return !(await Promise.all(answers)).includes(false);
}
