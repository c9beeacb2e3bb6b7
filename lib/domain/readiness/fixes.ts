import { quote, renderCommand } from "../manual/cli-command.ts";
import { GITHUB_ISSUER } from "./check-preparation.ts";
import type { Fix } from "./readiness.ts";
import type { Subject } from "./readiness-facts.ts";

/** A fix in words alone: what Switchyard has no command for. */
export function byHand(words: string, template: string | null = null): Fix {
  return { words, cli: [], template };
}

/** AWS CLI commands, and the template that makes the same. */
function byCommands(template: string | null, ...commands: readonly (readonly string[])[]): Fix {
  return { words: null, cli: commands.map((argv) => renderCommand({ purpose: "", argv: ["aws", ...argv] })), template };
}

/** What a person puts in place of what only they know. */
const YOUR = {
  vpc: "<your VPC>",
  subnets: ["<your first subnet>", "<your second subnet>"],
  balancerGroup: "<security group of the load balancer>",
  taskGroup: "<security group of the tasks>",
  balancer: "<ARN of the load balancer>",
  blue: "<ARN of the target group of blue>",
};

export function fixProvider(): Fix {
  const url = `https://${GITHUB_ISSUER}`;
  return byCommands("github-oidc-role.yaml", [
    "iam",
    "create-open-id-connect-provider",
    "--url",
    url,
    "--client-id-list",
    "sts.amazonaws.com",
  ]);
}

export function fixRepository({ application, repository, region }: Subject): Fix {
  const name = repository ?? application;
  return byCommands("registry.yaml", [
    ...["ecr", "create-repository", "--region", region, "--repository-name", name],
    ...["--image-tag-mutability", "IMMUTABLE", "--image-scanning-configuration", "scanOnPush=true"],
  ]);
}

export function fixCluster({ cluster, region }: Subject): Fix {
  return byCommands("cluster.yaml", ["ecs", "create-cluster", "--region", region, "--cluster-name", cluster]);
}

export function fixSecurityGroups({ application, region, port }: Subject): Fix {
  const create = (part: string, description: string) => [
    ...["ec2", "create-security-group", "--region", region, "--vpc-id", YOUR.vpc],
    ...["--group-name", `${application}-${part}-sg`, "--description", description],
  ];
  const allow = (group: string, from: string, at: number) => [
    ...["ec2", "authorize-security-group-ingress", "--region", region, "--group-id", group],
    ...[
      "--protocol",
      "tcp",
      "--port",
      String(at),
      ...(from.includes("/") ? ["--cidr", from] : ["--source-group", from]),
    ],
  ];
  return byCommands(
    "security-groups.yaml",
    create("alb", "Load balancer"),
    create("ecs-task", "Tasks"),
    create("rds", "Database"),
    allow(YOUR.balancerGroup, "0.0.0.0/0", 80),
    allow(YOUR.taskGroup, YOUR.balancerGroup, port),
    allow("<security group of the database>", YOUR.taskGroup, 3306),
  );
}

export function fixTargetGroups({ application, targetGroups, region, port }: Subject): Fix {
  const names = targetGroups.length > 0 ? targetGroups : ["blue", "green"].map((color) => `${application}-${color}-tg`);
  const create = (name: string) => [
    ...["elbv2", "create-target-group", "--region", region, "--name", name, "--vpc-id", YOUR.vpc],
    ...["--target-type", "ip", "--protocol", "HTTP", "--port", String(port), "--health-check-path", "/actuator/health"],
  ];
  return byCommands("load-balancer.yaml", ...names.map(create));
}

export function fixLoadBalancer({ loadBalancer, listenerPort, application, region }: Subject): Fix {
  const name = loadBalancer ?? `${application}-alb`;
  return byCommands(
    "load-balancer.yaml",
    [
      ...["elbv2", "create-load-balancer", "--region", region, "--name", name, "--scheme", "internet-facing"],
      ...["--subnets", ...YOUR.subnets, "--security-groups", YOUR.balancerGroup],
    ],
    [
      ...["elbv2", "create-listener", "--region", region, "--load-balancer-arn", YOUR.balancer, "--protocol", "HTTP"],
      ...["--port", String(listenerPort ?? 80), "--default-actions", `Type=forward,TargetGroupArn=${YOUR.blue}`],
    ],
  );
}

export function fixParameters({ application, region }: Subject): Fix {
  const put = (part: string) => [
    ...["ssm", "put-parameter", "--region", region, "--name", `/${application}/db/${part}`],
    ...["--type", "SecureString", "--value", `<${part} of the database>`],
  ];
  return {
    ...byCommands("parameters.yaml", put("url"), put("username"), put("password")),
    words:
      "CloudFormation cannot make a SecureString: the template makes the execution role's permission, the commands the parameters",
  };
}

export function fixLogGroup({ logGroup, application, region }: Subject): Fix {
  const name = logGroup ?? `/ecs/${application}`;
  return byCommands(
    "log-group.yaml",
    ["logs", "create-log-group", "--region", region, "--log-group-name", name],
    ["logs", "put-retention-policy", "--region", region, "--log-group-name", name, "--retention-in-days", "30"],
  );
}

export function fixService({ application, services, cluster, region, family, port, container }: Subject): Fix {
  const group = `targetGroupArn=${YOUR.blue},containerName=${container ?? application},containerPort=${port}`;
  const network = `awsvpcConfiguration={subnets=[${YOUR.subnets.join(",")}],securityGroups=[${YOUR.taskGroup}]}`;
  return byCommands(
    "service.yaml",
    ...services.map((service) => [
      ...["ecs", "create-service", "--region", region, "--cluster", cluster, "--service-name", service],
      ...["--task-definition", family, "--desired-count", "1", "--launch-type", "FARGATE"],
      ...["--network-configuration", network, "--load-balancers", group],
    ]),
  );
}

export function fixTaskDefinition({ region }: Subject): Fix {
  const file = "file://deploy/aws/ecs-task-definition.json";
  return byCommands("roles.yaml", ["ecs", "register-task-definition", "--region", region, "--cli-input-json", file]);
}

export function fixImage({ repository, application }: Subject): Fix {
  const image = `<your registry>/${repository ?? application}:1.0.0`;
  const commands = [`docker build --platform linux/amd64 -t ${quote(image)} .`, `docker push ${quote(image)}`];
  return { words: "Sign in to the registry with aws ecr get-login-password first", cli: commands, template: null };
}

export function fixCompose(command: string): (subject: Subject) => Fix {
  return () => ({
    words: "deploy/local/compose.yaml is an application with MySQL 8 to start from",
    cli: [`docker compose -f deploy/local/compose.yaml ${command}`],
    template: null,
  });
}

export function fixSwitch({ application }: Subject): Fix {
  return byHand(`Open ${application}'s board, deploy an image, and switch once the new side is healthy`);
}
