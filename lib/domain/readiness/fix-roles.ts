import type { CliArgument } from "../manual/cli-command.ts";
import { say } from "../sentence/sentence.ts";
import type { Fix } from "./readiness.ts";
import { ACCOUNT, byCommands, type Shell, shellFor, takeAccount, variable } from "./shell.ts";
import type { Subject } from "./subject.ts";

const FILE = "deploy/aws/ecs-task-definition.json";
/** What the file has in place of the account, the Region and the names that are yours. */
const IN_FILE = { account: "123456789012", region: "ap-northeast-2" };
const MANAGED = "arn:aws:iam::aws:policy";

/** A role that one of AWS's services assumes for this account, with one of AWS's own policies; `ACCOUNT` is known. */
export function makeRole({ run }: Shell, name: string, service: string, policy: string | null): string[] {
  const statement = {
    Effect: "Allow",
    Principal: { Service: service },
    Action: "sts:AssumeRole",
    Condition: { StringEquals: { "aws:SourceAccount": "@" } },
  };
  const trust = withAccount(JSON.stringify({ Version: "2012-10-17", Statement: [statement] }));
  return [
    run("iam", "create-role", "--role-name", name, "--assume-role-policy-document", trust),
    ...(policy === null
      ? []
      : [run("iam", "attach-role-policy", "--role-name", name, "--policy-arn", `${MANAGED}/${policy}`)]),
  ];
}

/** The two roles of a task, and the task definition with this account's id and Region in it. */
export function fixTaskDefinition({ application, region }: Subject): Fix {
  const shell = shellFor(region);
  const execution = `${application}-task-execution`;
  const readParameters = withAccount(
    JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: "ssm:GetParameters",
          Resource: `arn:aws:ssm:${region}:@:parameter/${application}/*`,
        },
      ],
    }),
  );
  return byCommands(
    "roles.yaml",
    [
      takeAccount(shell),
      ...makeRole(shell, execution, "ecs-tasks.amazonaws.com", "service-role/AmazonECSTaskExecutionRolePolicy"),
      shell.run(
        ...["iam", "put-role-policy", "--role-name", execution, "--policy-name", "parameters"],
        ...["--policy-document", readParameters],
      ),
      ...makeRole(shell, `${application}-task`, "ecs-tasks.amazonaws.com", null),
      `DEFINITION=$(sed "s/${IN_FILE.account}/$ACCOUNT/g; s/${IN_FILE.region}/${region}/g" ${FILE})`,
      shell.run("ecs", "register-task-definition", "--cli-input-json", variable("DEFINITION")),
    ],
    say("readinessStep.fix.roles", { file: FILE }),
  );
}

/** Text in which each "@" is the account's id. */
function withAccount(text: string): CliArgument {
  return text.split("@").flatMap((piece, index) => (index === 0 ? [piece] : [variable(ACCOUNT), piece]));
}
