import { once } from "node:events";
import { createServer } from "node:net";

/** The ports that no system gives out by itself, to an outgoing connection or to who listens on port 0, and above those that people use. */
const FIRST = 12_000;
const END = 32_000;

/**
 * A free loopback port, with more free ones behind it, for a program that must be told its port before it starts.
 * It lies where no operating system gives out ports by itself (Linux begins at 32768, RFC 6335 at 49152),
 * so that nothing but another caller can take it before the program does.
 */
export async function freePort(inARow = 1, random: () => number = Math.random): Promise<number> {
  for (;;) {
    const port = FIRST + Math.floor(random() * (END - FIRST - inARow));
    let free = 0;
    while (free < inARow && (await isFree(port + free))) free += 1;
    if (free === inARow) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
  } catch {
    return false;
  }
  server.close();
  await once(server, "close");
  return true;
}
