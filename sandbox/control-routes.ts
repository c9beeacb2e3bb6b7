import type { CallRecorder } from "./calls.ts";
import { ControlError, type ControlInput } from "./control-input.ts";
import { MAX_AGE_MS } from "./earlier-answers.ts";
import { FAULT_KINDS, type Fault, type Faults } from "./faults.ts";
import type { GithubRepository, GithubStandIn } from "./github.ts";
import { LAMBDA_OUTCOMES, type LambdaHooks } from "./lambda-hooks.ts";

/** What the controls act on. */
export interface ControlPorts {
  /** What GET /_sandbox shows besides the faults. */
  describe(): Record<string, unknown>;
  /** The blob with this digest as its registry has it; null when none has. */
  findBlob(digest: string): string | null;
  /** Requests and their outcomes, by listener and by target group. */
  traffic(): unknown;
  listTasks(): readonly unknown[];
  /** False when no such task runs. */
  killTask(id: string): boolean;
  /** False when no such task runs. */
  setTaskHealth(id: string, status: number | "hang"): Promise<boolean>;
  /** Simulated operations by service name. */
  operations: Readonly<Record<string, readonly string[]>>;
  faults: Faults;
  calls: CallRecorder;
  /** Stands in for GitHub. */
  github: GithubStandIn;
  /** The functions behind ECS's lifecycle hooks. */
  lambda: LambdaHooks;
  generateLogs(lines: {
    logGroup: string;
    logStream: string;
    linesPerSecond: number;
    seconds: number;
    bytesPerLine?: number;
  }): void;
  listeners(): readonly string[];
  targetGroupsFor(listener: string): readonly string[];
  /** Changes the listener's default action, as somebody else's API call would. */
  setWeights(listener: string, weights: Record<string, number>): void;
  reset(): Promise<void>;
}

interface ControlRequest {
  input: ControlInput;
  params: readonly string[];
  query: URLSearchParams;
}

/** A control: what it is called by, and what it does and answers. */
export type ControlRoute = readonly [method: string, path: RegExp, run: (request: ControlRequest) => unknown];

/** Every control there is. */
export function controlRoutes(ports: ControlPorts): readonly ControlRoute[] {
  const { faults, calls } = ports;
  return [
    ["GET", /^\/_sandbox\/?$/, () => ({ ...ports.describe(), tasks: ports.listTasks(), faults: faults.list() })],
    ["GET", /^\/_sandbox\/tasks$/, () => ports.listTasks()],
    [
      "GET",
      /^\/_sandbox\/blobs\/(sha256:[0-9a-f]{64})$/,
      ({ params: [digest = ""] }) => {
        const blob = ports.findBlob(digest);
        if (blob !== null) return JSON.parse(blob);
        throw new ControlError(404, { message: `There is no blob ${digest}`, fix: "Ask ECR for its address" });
      },
    ],
    [
      "GET",
      /^\/_sandbox\/github\/(.+)$/,
      ({ params: [path = ""], query }) => {
        const found = ports.github.find(decodeURIComponent(path), query);
        if (found !== null) return found;
        throw new ControlError(404, { message: "Not Found", fix: "POST /_sandbox/github makes a repository" });
      },
    ],
    ["POST", /^\/_sandbox\/github$/, ({ input }) => setGithub(ports.github, input)],
    ["GET", /^\/_sandbox\/traffic$/, () => ports.traffic()],
    [
      "POST",
      /^\/_sandbox\/tasks\/(.+)\/kill$/,
      ({ params, input }) => {
        input.end();
        const id = taskId(params[0]);
        if (!ports.killTask(id)) throw noTask(id);
        return { id };
      },
    ],
    [
      "POST",
      /^\/_sandbox\/tasks\/(.+)\/health$/,
      async ({ params, input }) => {
        const status = readHealth(input);
        input.end();
        const id = taskId(params[0]);
        if (!(await ports.setTaskHealth(id, status))) throw noTask(id);
        return { id, status };
      },
    ],
    ["GET", /^\/_sandbox\/faults$/, () => faults.list()],
    ["POST", /^\/_sandbox\/faults$/, ({ input }) => ({ id: faults.add(readFault(input, ports.operations)).id })],
    [
      "DELETE",
      /^\/_sandbox\/faults$/,
      () => {
        faults.clear();
        return {};
      },
    ],
    [
      "DELETE",
      /^\/_sandbox\/faults\/([^/]+)$/,
      ({ params: [id = ""] }) => {
        if (faults.remove(id)) return { id };
        throw new ControlError(404, { message: `No fault ${id} is on`, fix: "GET /_sandbox/faults lists them" });
      },
    ],
    ["GET", /^\/_sandbox\/calls$/, () => calls.counts()],
    [
      "DELETE",
      /^\/_sandbox\/calls$/,
      () => {
        calls.reset();
        return {};
      },
    ],
    ["GET", /^\/_sandbox\/journal$/, ({ query }) => readJournal(calls, query)],
    [
      "DELETE",
      /^\/_sandbox\/journal$/,
      () => {
        calls.resetJournal();
        return {};
      },
    ],
    ["POST", /^\/_sandbox\/logs$/, ({ input }) => generateLogs(ports, input)],
    ["POST", /^\/_sandbox\/listeners$/, ({ input }) => setWeights(ports, input)],
    ["GET", /^\/_sandbox\/hooks$/, () => ports.lambda.invocations()],
    ["POST", /^\/_sandbox\/hooks$/, ({ input }) => scriptHook(ports.lambda, input)],
    [
      "DELETE",
      /^\/_sandbox\/hooks$/,
      () => {
        ports.lambda.clear();
        return {};
      },
    ],
    [
      "POST",
      /^\/_sandbox\/reset$/,
      async () => {
        await ports.reset();
        return {};
      },
    ],
  ];
}

function readHealth(input: ControlInput): number | "hang" {
  return input.raw("status") === "hang" ? "hang" : input.number("status", { min: 200, max: 599, integer: true });
}

function readFault(
  input: ControlInput,
  operations: Readonly<Record<string, readonly string[]>>,
): Omit<Fault, "id" | "hits"> {
  const service = input.oneOf("service", [...Object.keys(operations), "*"]);
  const known = operations[service];
  const operation = known && input.has("operation") ? input.oneOf("operation", known) : input.optionalText("operation");
  const kind = input.oneOf("kind", FAULT_KINDS);
  const rate = input.optionalNumber("rate", { min: 0, max: 1 }) ?? 1;
  const ms = input.optionalNumber("ms", { min: 0, max: kind === "stale" ? MAX_AGE_MS : 600_000 });
  const remaining = input.optionalNumber("count", { min: 1, max: 1_000_000, integer: true }) ?? null;
  const phase = input.has("phase") ? input.oneOf("phase", ["before", "after"]) : "after";
  const code = kind === "error" ? input.optionalText("code") : null;
  input.end();
  const defaults = { stale: 5000, latency: 1000, timeout: 60_000, throttle: 0, error: 0, reset: 0 };
  return {
    service,
    operation: operation ?? null,
    kind,
    rate,
    ms: ms ?? defaults[kind],
    remaining,
    phase,
    code: code ?? undefined,
  };
}

function readJournal(calls: CallRecorder, query: URLSearchParams) {
  const after = Number(query.get("after") ?? 0);
  if (Number.isInteger(after) && after >= 0) return calls.journal().filter((entry) => entry.sequence > after);
  throw new ControlError(400, {
    field: "after",
    value: query.get("after"),
    message: `after is ${query.get("after")}`,
    fix: "Send the sequence number of the last entry you have seen",
  });
}

function generateLogs(ports: ControlPorts, input: ControlInput) {
  const lines = {
    logGroup: input.text("logGroup"),
    logStream: input.text("logStream"),
    linesPerSecond: input.number("linesPerSecond", { min: 1, max: 20_000 }),
    seconds: input.number("seconds", { min: 0.1, max: 3600 }),
    bytesPerLine: input.optionalNumber("bytesPerLine", { min: 1, max: 1_000_000, integer: true }),
  };
  input.end();
  ports.generateLogs(lines);
  return { lines: Math.floor(lines.linesPerSecond * lines.seconds) };
}

function scriptHook(lambda: LambdaHooks, input: ControlInput) {
  const targetArn = input.text("hookTargetArn");
  const script = {
    outcome: input.oneOf("outcome", LAMBDA_OUTCOMES),
    ms: input.optionalNumber("ms", { min: 0, max: 900_000 }) ?? 500,
    callBackDelaySeconds: input.optionalNumber("callBackDelaySeconds", { min: 0, max: 86_400 }) ?? 30,
  };
  const count = input.optionalNumber("count", { min: 1, max: 1_000_000, integer: true }) ?? null;
  input.end();
  lambda.script(targetArn, script, count);
  return { hookTargetArn: targetArn, ...script, count };
}

function setWeights(ports: ControlPorts, input: ControlInput) {
  // Rules have no name: they go by their ARN.
  const isArn = String(input.raw("listener")).startsWith("arn:");
  const listener = isArn ? input.text("listener") : input.oneOf("listener", ports.listeners());
  const wanted = input.numbers("weights", { min: 0, max: 999, integer: true });
  input.end();
  const names = ports.targetGroupsFor(listener);
  const entries = Object.entries(wanted).map(([key, weight]) => [findGroup(key, names), weight] as const);
  const weights = Object.fromEntries(entries);
  ports.setWeights(listener, weights);
  return { listener, weights };
}

/** A target group by its name, or by a part of it between dashes: `blue` is library-blue-tg for library-alb:80. */
function findGroup(key: string, names: readonly string[]): string {
  if (names.includes(key)) return key;
  const matches = names.filter((name) => name.split("-").includes(key));
  const [match] = matches;
  if (match !== undefined && matches.length === 1) return match;
  throw new ControlError(400, {
    field: `weights.${key}`,
    value: key,
    message: `${key} names ${matches.length === 0 ? "no" : "more than one"} target group`,
    fix: `Use a target group's name: ${names.join(", ")}`,
  });
}

function taskId(idOrArn = ""): string {
  return idOrArn.slice(idOrArn.lastIndexOf("/") + 1);
}

function noTask(id: string): ControlError {
  return new ControlError(404, { message: `No task ${id} is running`, fix: "GET /_sandbox/tasks lists them" });
}

function setGithub(github: GithubStandIn, input: ControlInput): { name: string } {
  const name = input.text("name");
  // Safe because only whoever sets it reads it.
  const raw = <K extends keyof GithubRepository>(key: K, otherwise: GithubRepository[K]) =>
    (input.raw(key) ?? otherwise) as GithubRepository[K];
  github.set(name, {
    branches: raw("branches", {}),
    secrets: raw("secrets", []),
    variables: raw("variables", []),
    runs: raw("runs", {}),
  });
  input.end();
  return { name };
}
