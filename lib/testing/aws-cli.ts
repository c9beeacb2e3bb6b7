import { readFileSync } from "node:fs";
import * as acm from "@aws-sdk/client-acm";
import * as logs from "@aws-sdk/client-cloudwatch-logs";
import * as codedeploy from "@aws-sdk/client-codedeploy";
import * as ec2 from "@aws-sdk/client-ec2";
import * as ecr from "@aws-sdk/client-ecr";
import * as ecs from "@aws-sdk/client-ecs";
import * as elbv2 from "@aws-sdk/client-elastic-load-balancing-v2";
import * as iam from "@aws-sdk/client-iam";
import * as ssm from "@aws-sdk/client-ssm";
import * as sts from "@aws-sdk/client-sts";
import { NormalizedSchema } from "@smithy/core/schema";
import { query, toTextOutput } from "./cli-query.ts";
import { parseShorthand } from "./cli-shorthand.ts";
import { applyTemplate, type Stack } from "./stack.ts";
import { createMakers } from "./stack-makers.ts";
import { readTemplate } from "./template.ts";

interface Client {
  send(command: never): Promise<object>;
  destroy(): void;
}
interface Package {
  commands: Readonly<Record<string, unknown>>;
  client: new (settings: object) => Client;
}

const PACKAGES: Readonly<Record<string, Package>> = {
  deploy: { commands: codedeploy, client: codedeploy.CodeDeployClient },
  ec2: { commands: ec2, client: ec2.EC2Client },
  ecr: { commands: ecr, client: ecr.ECRClient },
  ecs: { commands: ecs, client: ecs.ECSClient },
  elbv2: { commands: elbv2, client: elbv2.ElasticLoadBalancingV2Client },
  iam: { commands: iam, client: iam.IAMClient },
  logs: { commands: logs, client: logs.CloudWatchLogsClient },
  ssm: { commands: ssm, client: ssm.SSMClient },
  acm: { commands: acm, client: acm.ACMClient },
  sts: { commands: sts, client: sts.STSClient },
};
/** What the shell has exported: where AWS is, and the Region of commands that name none. */
export interface Shell {
  endpoint: string;
  region: string;
}

const GLOBAL = ["--region", "--query", "--output"];

/**
 * What the AWS CLI does with these arguments after "aws", through the SDK: options by the operation's own members, JSON, shorthand
 * and file://, `--query` and text; templates are applied in this process. For tests on machines that have no AWS CLI.
 * @throws what AWS answers, or what was not understood
 */
export async function runAwsCli(argv: readonly string[], shell: Shell): Promise<string> {
  const [service = "", operation = "", ...rest] = argv;
  if (service === "cloudformation") return runStackCommand(operation, rest, shell);
  if (operation === "get-login-password") return "password\n";
  const wanted = operation.replaceAll("-", "");
  const found = Object.keys(PACKAGES[service]?.commands ?? {}).find((key) => key.toLowerCase() === `${wanted}command`);
  if (!found) throw new Error(`aws ${service} ${operation} is no command`);
  const name = found.slice(0, -"Command".length);
  const { input, globals } = readOptions(rest, inputShape(service, name));
  const answer = await call(service, name, input, { ...shell, region: globals.get("--region") ?? shell.region });
  return written(answer, globals);
}

function written(answer: unknown, globals: ReadonlyMap<string, string>): string {
  const asked = globals.get("--query");
  const value = asked === undefined ? answer : query(answer, asked);
  return globals.get("--output") === "text" ? `${toTextOutput(value)}\n` : `${JSON.stringify(value, null, 2)}\n`;
}

function operationOf(service: string, name: string) {
  // Safe because what the SDK exports under this name is the command's class.
  return PACKAGES[service]?.commands[`${name}Command`] as new (
    input: object,
  ) => { schema?: readonly unknown[] };
}

function inputShape(service: string, name: string): NormalizedSchema {
  const { schema = [] } = new (operationOf(service, name))({});
  // Safe because the fifth entry of an operation's schema answers with that of its input.
  const inputSchema = schema[4] as () => never;
  return NormalizedSchema.of(inputSchema());
}

async function call(
  service: string,
  name: string,
  input: object,
  { endpoint, region }: Shell,
): Promise<Record<string, unknown>> {
  const one = PACKAGES[service];
  if (!one) throw new Error(`there is no service ${service}`);
  const credentials = { accessKeyId: "sandbox", secretAccessKey: "sandbox" };
  const client = new one.client({ region, endpoint, maxAttempts: 1, credentials });
  try {
    const command = new (operationOf(service, name))(input);
    const { $metadata: _of, ...answer } = (await client.send(command as never)) as { $metadata?: unknown };
    return answer;
  } finally {
    client.destroy();
  }
}

/** By endpoint and name. */
const stacks = new Map<string, Stack>();

async function runStackCommand(operation: string, rest: readonly string[], shell: Shell): Promise<string> {
  const options = optionsOf(rest);
  const [name = ""] = options.get("--stack-name") ?? [];
  const key = `${shell.endpoint} ${name}`;
  if (operation === "describe-stacks") {
    const stack = stacks.get(key);
    if (!stack) throw new Error(`Stack with id ${name} does not exist`);
    const Outputs = Object.entries(stack.outputs).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue }));
    const globals = new Map([...options].map(([option, [value = ""]]) => [option, value]));
    return written({ Stacks: [{ StackName: name, Outputs }] }, globals);
  }
  if (operation !== "deploy") throw new Error(`aws cloudformation ${operation} is no command here`);
  const [file = ""] = options.get("--template-file") ?? [];
  const region = options.get("--region")?.[0] ?? shell.region;
  const pairs = (options.get("--parameter-overrides") ?? []).map((pair): [string, string] => {
    const equals = pair.indexOf("=");
    return [pair.slice(0, equals), pair.slice(equals + 1)];
  });
  const makers = createMakers((service, what, input) => call(service, what, input, { ...shell, region }));
  stacks.set(key, await applyTemplate(readTemplate(file), Object.fromEntries(pairs), region, makers));
  return `Successfully created/updated stack - ${name}\n`;
}

function optionsOf(rest: readonly string[]): Map<string, string[]> {
  const options = new Map<string, string[]>();
  for (let index = 0; index < rest.length; ) {
    const option = rest[index] ?? "";
    if (!option.startsWith("--")) throw new Error(`Unknown options: ${option}`);
    const next = rest.findIndex((word, at) => at > index && word.startsWith("--"));
    options.set(option, rest.slice(index + 1, next < 0 ? undefined : next));
    index = next < 0 ? rest.length : next;
  }
  return options;
}

function readOptions(rest: readonly string[], shape: NormalizedSchema) {
  const input: Record<string, unknown> = {};
  const globals = new Map<string, string>();
  for (const [option, values] of optionsOf(rest)) {
    if (GLOBAL.includes(option)) globals.set(option, values[0] ?? "");
    else if (option === "--cli-input-json") Object.assign(input, JSON.parse(textOf(values[0])));
    else {
      const wanted = option.slice(2).replaceAll("-", "").toLowerCase();
      const found = [...shape.structIterator()].find(([member]) => member.toLowerCase() === wanted);
      if (!found) throw new Error(`Unknown options: ${option}`);
      input[found[0]] = memberFrom(values.map(textOf), found[1]);
    }
  }
  return { input, globals };
}

function textOf(word = ""): string {
  return word.startsWith("file://") ? readFileSync(word.slice(7), "utf8") : word;
}

function memberFrom(words: readonly string[], shape: NormalizedSchema): unknown {
  const [word = ""] = words;
  if (shape.isBooleanSchema()) return word !== "false";
  if (shape.isNumericSchema()) return Number(word);
  if (/^\s*[[{]/.test(word) && !shape.isStringSchema()) return JSON.parse(word);
  if (shape.isStructSchema()) return parseShorthand(word, shape);
  if (shape.isListSchema()) {
    const inner = shape.getValueSchema();
    return words.map((each) => (inner.isStructSchema() ? parseShorthand(each, inner) : each));
  }
  return word;
}
