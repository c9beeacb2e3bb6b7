import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse, request as send } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { type Clock, systemClock } from "./clock.ts";
import { encodeError } from "./protocol/answer.ts";
import { createSandbox, type Sandbox } from "./sandbox.ts";
import type { SandboxOptions } from "./sandbox-options.ts";
import { AwsError, type Place } from "./service.ts";
import { createRoleSessions, type RoleSession, type RoleSessions, type SandboxRole } from "./sts/sessions.ts";

/** Several accounts and Regions behind one address, each with a world of its own, as AWS's endpoints are one to a client. */
export interface SandboxAccounts {
  /** Where SDK clients are pointed at. */
  url: string;
  clock: Clock;
  sessions: RoleSessions;
  /** The world of a place. @throws when there is none yet */
  world(accountId: string, region: string): Sandbox;
  /** Calls that may have changed something, with whose they were: what CloudTrail would tell. */
  trail(): readonly TrailEntry[];
  close(): Promise<void>;
}

/** A call as CloudTrail has it. */
interface TrailEntry {
  accountId: string;
  region: string;
  operation: string;
  /** Null for the account's own user. */
  session: RoleSession | null;
}

/** A world to begin with; a Region of a known account that is not named has nothing in it. */
interface SandboxWorld extends Omit<SandboxOptions, "port" | "place" | "sessions" | "clock" | "speed"> {
  place: Place;
}

const READS = /^(Describe|List|Get|BatchGet|Filter|Lookup|StartLiveTail$|AssumeRole$)/;

/**
 * The account of `worlds`' first place is whose keys everybody else's are; other accounts are entered by roles alone. Which world
 * a call comes to, its keys and the Region that it is signed for say, never what it names.
 */
export async function createSandboxAccounts(options: {
  worlds: readonly [SandboxWorld, ...SandboxWorld[]];
  roles: readonly SandboxRole[];
  speed?: number;
}): Promise<SandboxAccounts> {
  const clock = systemClock(options.speed ?? 1);
  const sessions = createRoleSessions(clock, Math.random, options.roles);
  const home = options.worlds[0].place.accountId;
  const accounts = new Set(options.worlds.map(({ place }) => place.accountId));
  const worlds = new Map<string, Promise<Sandbox>>();
  const opened = new Map<string, Sandbox>();
  const trail: TrailEntry[] = [];
  const keyOf = ({ accountId, region }: Place) => `${accountId} ${region}`;

  function open(place: Place, rest: Partial<SandboxOptions> = { seed: "empty" }): Promise<Sandbox> {
    const key = keyOf(place);
    const known = worlds.get(key);
    if (known) return known;
    const logsElsewhere = (region: string) => opened.get(keyOf({ ...place, region }))?.logs.sink ?? null;
    const opening = createSandbox({ ...rest, clock, place, sessions, logsElsewhere }).then((sandbox) => {
      opened.set(key, sandbox);
      return sandbox;
    });
    worlds.set(key, opening);
    return opening;
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const credential = /Credential=([^/]+)\/\d+\/([^/]+)\//.exec(request.headers.authorization ?? "");
    const [, accessKeyId = "", region = options.worlds[0].place.region] = credential ?? [];
    const token = request.headers["x-amz-security-token"];
    const session = sessions.find(accessKeyId, typeof token === "string" ? token : null);
    // Keys of a session begin so; those of a user are the first account's, as everywhere in the sandbox.
    if (session === null && accessKeyId.startsWith("ASIA"))
      throw new AwsError("InvalidClientTokenId", "The security token included in the request is invalid.", 403);
    const place = { accountId: session?.accountId ?? home, region };
    if (!accounts.has(place.accountId)) throw new AwsError("OptInRequired", "The account is not there", 403);
    const body = await buffer(request);
    const operation = operationOf(request, body);
    if (!READS.test(operation)) trail.push({ ...place, operation, session });
    forward(new URL((await open(place)).url), request, body, response);
  }

  const server = createServer({ keepAliveTimeout: 75_000 }, (request, response) => {
    answer(request, response).catch(async (error: unknown) => {
      const refusal = error instanceof AwsError ? error : new AwsError("InternalFailure", String(error), 500);
      const isQuery = request.headers["x-amz-target"] === undefined;
      const isCbor = request.headers["smithy-protocol"] === "rpc-v2-cbor";
      const said = await encodeError(null, isCbor ? "cbor" : isQuery ? "query" : "json", refusal, randomUUID());
      response.writeHead(said.status, said.headers).end(said.body);
    });
  });
  for (const { place, ...rest } of options.worlds) await open(place, rest);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    clock,
    sessions,
    world(accountId, region) {
      const found = opened.get(keyOf({ accountId, region }));
      if (!found) throw new Error(`There is no world of ${accountId} in ${region}`);
      return found;
    },
    trail: () => trail,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await Promise.all([...opened.values()].map((world) => world.close()));
    },
  };
}

function forward(to: URL, request: IncomingMessage, body: Buffer, response: ServerResponse): void {
  const { method, url: path, headers } = request;
  const onward = send({ hostname: to.hostname, port: to.port, method, path, headers }, (answered) => {
    response.writeHead(answered.statusCode ?? 500, answered.headers);
    response.flushHeaders();
    answered.pipe(response);
  });
  onward.on("error", () => response.destroy());
  response.on("close", () => onward.destroy());
  onward.end(body);
}

function operationOf({ headers, url = "" }: IncomingMessage, body: Buffer): string {
  const target = headers["x-amz-target"];
  if (typeof target === "string") return target.slice(target.lastIndexOf(".") + 1);
  const rpc = /\/operation\/(\w+)/.exec(url)?.[1];
  return rpc ?? new URLSearchParams(body.toString("utf8")).get("Action") ?? "";
}
