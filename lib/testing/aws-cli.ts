import { readFileSync } from "node:fs";
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

interface Command {
  schema?: readonly unknown[];
}
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
  sts: { commands: sts, client: sts.STSClient },
};
const GLOBAL = ["--region", "--query", "--output"];

/**
 * What the AWS CLI does with these arguments after "aws", through the SDK: options by the operation's own members, JSON, shorthand
 * and file://, `--query` and text. For tests on machines that have no AWS CLI. @throws what AWS answers, or what was not understood
 */
export async function runAwsCli(argv: readonly string[], endpoint: string): Promise<string> {
  const [service = "", operation = "", ...rest] = argv;
  const one = PACKAGES[service];
  const wanted = `${operation.replaceAll("-", "")}command`;
  const name = Object.keys(one?.commands ?? {}).find((key) => key.toLowerCase() === wanted);
  if (!one || !name) throw new Error(`aws ${service} ${operation} is no command`);
  // Safe because what the SDK exports under this name is the command's class.
  const Operation = one.commands[name] as new (input: object) => Command;
  const { schema = [] } = new Operation({});
  // Safe because the fifth entry of an operation's schema answers with that of its input.
  const inputSchema = schema[4] as () => never;
  const shape = NormalizedSchema.of(inputSchema());
  const { input, globals } = readOptions(rest, shape);
  const client = new one.client({
    region: globals.get("--region") ?? "us-east-1",
    endpoint,
    maxAttempts: 1,
    credentials: { accessKeyId: "sandbox", secretAccessKey: "sandbox" },
  });
  try {
    const { $metadata, ...answer } = (await client.send(new Operation(input) as never)) as { $metadata?: unknown };
    const asked = globals.get("--query");
    const value = asked === undefined ? answer : query(answer, asked);
    return globals.get("--output") === "text" ? `${toTextOutput(value)}\n` : `${JSON.stringify(value, null, 2)}\n`;
  } finally {
    client.destroy();
  }
}

function readOptions(rest: readonly string[], shape: NormalizedSchema) {
  const input: Record<string, unknown> = {};
  const globals = new Map<string, string>();
  for (let index = 0; index < rest.length; ) {
    const option = rest[index] ?? "";
    if (!option.startsWith("--")) throw new Error(`Unknown options: ${option}`);
    const next = rest.findIndex((word, at) => at > index && word.startsWith("--"));
    const values = rest.slice(index + 1, next < 0 ? undefined : next);
    index = next < 0 ? rest.length : next;
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
