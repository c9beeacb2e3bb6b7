import { say } from "../sentence/sentence.ts";
import { GITHUB_ISSUER } from "./check-preparation.ts";
import type { Fix } from "./readiness.ts";
import { byCommands, byHand, shellFor, takeAccount, wordsMembers } from "./shell.ts";
import type { Subject } from "./subject.ts";

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
    say("readinessStep.fix.provider"),
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
    say("readinessStep.fix.parameters"),
  );
}

export function fixLogGroup({ logGroup, application, region, logRegion = region }: Subject): Fix {
  const { run } = shellFor(logRegion);
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
      const words = say("readinessStep.fix.standIn");
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
      say("readinessStep.fix.beside"),
    );
  };
}

export function fixCompose(command: string): (subject: Subject) => Fix {
  return () =>
    byCommands(null, [`docker compose -f deploy/local/compose.yaml ${command}`], say("readinessStep.fix.compose"));
}

/** Where there is a board: before that switchyard.yaml has to describe the application. */
export function fixSwitch({ application, isConfigured }: Subject): Fix {
  const fix = byHand(say("readinessStep.fix.switch", { application }));
  return isConfigured ? { ...fix, board: application } : fix;
}

/** A second version, so that there is something to deploy. */
export function fixDeployment(subject: Subject): Fix {
  const { wordsSaid, words, ...rest } = fixSwitch(subject);
  const said = say("readinessStep.fix.another", { what: wordsSaid ?? words ?? "" });
  return { ...rest, ...fixImage("1.1.0")(subject), ...wordsMembers(said) };
}

/** Found once there is a service; Switchyard reads the file again as soon as it changes. */
export function fixDocuments(): Fix {
  return byCommands(null, ["npx switchyard init --write"], say("readinessStep.fix.documents"));
}
