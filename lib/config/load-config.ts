import { readFileSync } from "node:fs";
import { say } from "../domain/sentence/sentence.ts";
import type { Config } from "./config.ts";
import { type ConfigFile, parseConfigFile } from "./config-file.ts";
import { readEnvironment } from "./environment.ts";
import { issuersOf } from "./pipelines-config.ts";
import { ConfigError, type ConfigProblem, configProblem } from "./problem.ts";
import type { Env } from "./traces-config.ts";

/** Reads the environment and the file it names. @throws ConfigError with every problem of both. */
export function loadConfig(env: Env): Config {
  const { environment, problems } = readEnvironment(env);
  const { file, text } = readFile(environment.configPath, env, problems);

  const wantsSandboxUsers = environment.sandboxUsers ?? file?.access.sandboxUsers ?? false;
  if (wantsSandboxUsers && !environment.isEndpointLoopback)
    problems.push(
      configProblem(
        environment.sandboxUsers ? "SWITCHYARD_SANDBOX_USERS" : `${environment.configPath} access.sandboxUsers`,
        say("config.sandboxUsers"),
        say("config.sandboxOff"),
      ),
    );
  // Of a file with mistakes it is not known what it comes to: what it may give itself is not asked for.
  const maySay = (name: string) => file === null && text.includes(name);
  const mayHaveSandboxUsers =
    environment.sandboxUsers === null && environment.isEndpointLoopback && (text === "" || maySay("sandboxUsers"));
  if (!wantsSandboxUsers && environment.oidc === null && !mayHaveSandboxUsers)
    problems.push(configProblem("OIDC_ISSUER", say("config.nobodySignsIn"), say("config.setOidc")));

  const region = file?.region ?? environment.region;
  if (
    region === null &&
    (file === null
      ? !maySay("region:")
      : file.applications.some(({ account, region }) => account === null && region === null))
  )
    problems.push(
      configProblem("AWS_REGION", say("config.regionUnset"), say("config.setRegion", { path: environment.configPath })),
    );
  // What is suspended is remembered by its name in one account and Region.
  for (const [index, application] of (file?.applications ?? []).entries())
    if (application.suspendScaleIn && (application.account !== null || (application.region ?? region) !== region))
      problems.push(
        configProblem(
          `${environment.configPath} applications[${index}].suspendScaleIn`,
          say("config.scalingElsewhere", { name: application.name }),
          say("input.leaveOut"),
        ),
      );
  if (problems.length > 0 || file === null) throw new ConfigError(problems);

  return {
    configPath: environment.configPath,
    applications: file.applications,
    accounts: file.accounts,
    rateLimits: file.rateLimits,
    events: file.events,
    region: region ?? file.applications[0]?.region ?? "us-east-1",
    endpoint: environment.endpoint,
    databaseUrl: environment.databaseUrl,
    migrationUrl: environment.migrationUrl,
    dataDir: environment.dataDir,
    trustedProxies: environment.trustedProxies,
    access: file.access,
    notifications: file.notifications,
    pipelines: {
      audience: file.pipelines.audience ?? environment.url,
      issuers: issuersOf(file.pipelines),
      people: file.pipelines.people,
    },
    audit: { ...file.audit, keys: environment.auditKeys },
    github: environment.github,
    traces: environment.traces,
    auth: {
      secret: environment.secret,
      url: environment.url,
      oidc: environment.oidc,
      sandboxUsers: wantsSandboxUsers,
      apiToken: environment.apiToken,
    },
  };
}

function readFile(path: string, env: Env, problems: ConfigProblem[]): { file: ConfigFile | null; text: string } {
  let text: string;
  try {
    text = readFileSync(/* turbopackIgnore: true */ path, "utf8");
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? String(error.code) : String(error);
    problems.push(
      configProblem("SWITCHYARD_CONFIG", say("config.fileUnread", { path, reason }), say("config.setFile")),
    );
    return { file: null, text: "" };
  }
  const parsed = parseConfigFile(text, path, env);
  if (!parsed.ok) problems.push(...parsed.problems);
  return { file: parsed.ok ? parsed.file : null, text };
}
