import { GITHUB_ISSUER } from "./check-preparation.ts";
import type { Fix } from "./readiness.ts";
import type { Subject } from "./readiness-facts.ts";
import { byCommands, byHand, shellFor, takeAccount } from "./shell.ts";

export function fixProvider({ region }: Subject): Fix {
  const { run } = shellFor(region);
  return byCommands(
    "github-oidc-role.yaml",
    [
      run(
        ...["iam", "create-open-id-connect-provider", "--url", `https://${GITHUB_ISSUER}`],
        ...["--client-id-list", "sts.amazonaws.com"],
      ),
    ],
    "The template makes the role that one branch of one repository pushes images with as well",
  );
}

export function fixRepository({ application, repository, region }: Subject): Fix {
  const { run } = shellFor(region);
  return byCommands("registry.yaml", [
    run(
      ...["ecr", "create-repository", "--repository-name", repository ?? application],
      ...["--image-tag-mutability", "IMMUTABLE", "--image-scanning-configuration", "scanOnPush=true"],
    ),
  ]);
}

export function fixCluster({ cluster, region }: Subject): Fix {
  return byCommands("cluster.yaml", [shellFor(region).run("ecs", "create-cluster", "--cluster-name", cluster)]);
}

export function fixParameters({ application, region }: Subject): Fix {
  const { run } = shellFor(region);
  const put = (part: string) =>
    run(
      ...["ssm", "put-parameter", "--name", `/${application}/db/${part}`],
      ...["--type", "SecureString", "--value", `<${part} of the database>`],
    );
  return byCommands(
    "parameters.yaml",
    [put("url"), put("username"), put("password")],
    "Put your values in place of <…>. CloudFormation cannot make a SecureString: the template makes the execution role's permission",
  );
}

export function fixLogGroup({ logGroup, application, region }: Subject): Fix {
  const { run } = shellFor(region);
  const name = logGroup ?? `/ecs/${application}`;
  return byCommands("log-group.yaml", [
    run("logs", "create-log-group", "--log-group-name", name),
    run("logs", "put-retention-policy", "--log-group-name", name, "--retention-in-days", "30"),
  ]);
}

/** Builds one version and pushes it; where something stands in for AWS there is no registry, and the image is said to be there. */
export function fixImage(version: string): (subject: Subject) => Fix {
  return (subject) => {
    const { repository, application, region } = subject;
    const name = repository ?? application;
    const shell = shellFor(region);
    if (subject.standIn) {
      const manifest = { schemaVersion: 2, annotations: { "org.opencontainers.image.version": version } };
      const words = "What stands in for AWS here has no registry to push to: this says that the image is there";
      return byCommands(
        null,
        [
          shell.run(
            ...["ecr", "put-image", "--repository-name", name, "--image-tag", version],
            ...["--image-manifest", JSON.stringify(manifest)],
          ),
        ],
        words,
      );
    }
    const registry = `"$ACCOUNT.dkr.ecr.${region}.amazonaws.com`;
    const image = `${registry}/${name}:${version}"`;
    return byCommands(
      null,
      [
        takeAccount(shell),
        `${shell.run("ecr", "get-login-password")} | docker login --username AWS --password-stdin ${registry}"`,
        `docker build --platform linux/amd64 -t ${image} .`,
        `docker push ${image}`,
      ],
      "Run it beside the application's Dockerfile",
    );
  };
}

export function fixCompose(command: string): (subject: Subject) => Fix {
  return () => ({
    words: "deploy/local/compose.yaml is an application with MySQL 8 to start from",
    cli: [`docker compose -f deploy/local/compose.yaml ${command}`],
    template: null,
  });
}

/** Where there is a board: before that switchyard.yaml has to describe the application. */
export function fixSwitch({ application, isConfigured }: Subject): Fix {
  const fix = byHand(`Open ${application}'s board, deploy an image, and switch once the new side is healthy`);
  return isConfigured ? { ...fix, board: application } : fix;
}

/** A second version, so that there is something to deploy. */
export function fixDeployment(subject: Subject): Fix {
  const { words, ...rest } = fixSwitch(subject);
  return { ...rest, ...fixImage("1.1.0")(subject), words: `${words}. Where there is no other image yet, push one` };
}

/** Found once there is a service; Switchyard reads the file again as soon as it changes. */
export function fixDocuments(): Fix {
  return byCommands(
    null,
    ["npx switchyard init --write"],
    "It adds the applications that it finds in AWS to switchyard.yaml, beside what is there, and changes nothing in AWS. Switchyard reads the file again as soon as it changes",
  );
}
