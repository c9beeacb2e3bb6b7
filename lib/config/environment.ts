import { listSaid } from "../domain/sentence/list.ts";
import { type Sentence, say } from "../domain/sentence/sentence.ts";
import { isAddressRange } from "./address-range.ts";
import { auditKeysOf } from "./audit-config.ts";
import { type ConfigProblem, configProblem, type Report } from "./problem.ts";
import { type Env, type OtlpSettings, readOtlpSettings } from "./traces-config.ts";

/** One OpenID Connect provider. */
export interface OidcSettings {
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** As the sign-in button calls it; null for its usual name. */
  name: string | null;
  scope: string;
  /** The claim that carries roles; null means that only addresses count. */
  roleClaim: string | null;
  /** Whether an address counts though the provider never says that it has verified any. */
  assumesVerifiedEmail?: boolean;
}

/** Everything that comes from the environment, validated. */
export interface Environment {
  configPath: string;
  /** AWS_REGION, else AWS_DEFAULT_REGION; null when neither is set. */
  region: string | null;
  endpoint: string | null;
  /** Whether the endpoint is on this machine: only then may sandbox users exist. */
  isEndpointLoopback: boolean;
  databaseUrl: string | null;
  /** Of the schema's owner, where that is another role than the runtime's. */
  migrationUrl: string | null;
  dataDir: string;
  secret: string;
  /** Origin and path people reach the dashboard at, without a trailing slash. */
  url: string;
  oidc: OidcSettings | null;
  /** SWITCHYARD_SANDBOX_USERS: true, false, or null when unset and the file decides. */
  sandboxUsers: boolean | null;
  apiToken: string | null;
  /** Where readiness may look at GitHub; null without a token. */
  github: { api: string; token: string } | null;
  /** Addresses and ranges of the proxies in front. */
  trustedProxies: string[];
  /** Sign and check where the audit was pruned. */
  auditKeys: string[];
  /** Where traces go; null where none are made. */
  traces: OtlpSettings | null;
}

const GITHUB_API = "https://api.github.com";
const LEAST_SECRET = 32;
const GENERATE = say("config.generate", {
  command: `node -e "console.log(require('crypto').randomBytes(32).toString('base64url'))"`,
});

/** Reads an address of these schemes; `example` is one, or the whole sentence of what to set. */
type ReadAddress = (name: string, schemes: readonly string[], example: string | Sentence) => string | null;

/** Reads every variable once and collects every problem. Values of secrets never appear in a problem. */
export function readEnvironment(env: Env): { environment: Environment; problems: ConfigProblem[] } {
  const problems: ConfigProblem[] = [];
  const report: Report = (where, message, fix): void => {
    problems.push(configProblem(where, message, fix));
  };
  const text = (name: string) => {
    const value = env[name]?.trim();
    return value === undefined || value === "" ? null : value;
  };
  const address: ReadAddress = (name, schemes, example) => {
    const value = text(name);
    if (value === null) return null;
    const url = URL.canParse(value) ? new URL(value) : null;
    if (url && schemes.includes(url.protocol)) return value.replace(/\/+$/, "");
    // A database address may carry a password.
    const shown = name.startsWith("DATABASE_") ? say("config.theValue") : `"${value}"`;
    report(
      name,
      say("config.notAddress", {
        shown,
        schemes: listSaid(
          schemes.map((scheme) => `${scheme}//`),
          "or",
        ),
      }),
      typeof example === "string" ? say("config.setLike", { example }) : example,
    );
    return null;
  };

  const endpoint = address(
    "AWS_ENDPOINT_URL",
    ["http:", "https:"],
    say("config.endpoint", { example: "http://127.0.0.1:4566" }),
  );
  const databaseUrl = address(
    "DATABASE_URL",
    ["postgres:", "postgresql:"],
    "postgres://user:password@host:5432/switchyard",
  );
  const migrationUrl = address(
    "DATABASE_MIGRATION_URL",
    ["postgres:", "postgresql:"],
    "postgres://owner:password@host:5432/switchyard",
  );
  const withPassword = (url: string | null, name: string) => {
    const password = env[name];
    if (password === undefined || password === "") return url;
    if (url === null) {
      report(name, say("config.addressUnset"), say("config.bothOrNeither"));
      return null;
    }
    const whole = new URL(url);
    whole.password = encodeURIComponent(password);
    return whole.href;
  };
  if (migrationUrl !== null && databaseUrl === null && text("DATABASE_URL") === null)
    report("DATABASE_URL", say("config.databaseUnset"), say("config.bothOrNeither"));
  const secret = text("NEXTAUTH_SECRET");
  const isEndpointLoopback = endpoint !== null && isLoopback(endpoint);
  if (secret === null) report("NEXTAUTH_SECRET", say("config.secretUnset"), GENERATE);
  else if (secret.length < LEAST_SECRET && !isEndpointLoopback)
    report("NEXTAUTH_SECRET", say("config.tooShort", { count: secret.length, least: LEAST_SECRET }), GENERATE);

  const url = address("NEXTAUTH_URL", ["http:", "https:"], "https://switchyard.example.com");
  if (url === null && text("NEXTAUTH_URL") === null)
    report(
      "NEXTAUTH_URL",
      say("config.urlUnset"),
      say("config.setLike", { example: "https://switchyard.example.com" }),
    );

  const apiToken = text("SWITCHYARD_API_TOKEN");
  if (apiToken !== null && apiToken.length < LEAST_SECRET)
    report("SWITCHYARD_API_TOKEN", say("config.tooShort", { count: apiToken.length, least: LEAST_SECRET }), GENERATE);

  const githubToken = text("SWITCHYARD_GITHUB_TOKEN");
  const githubApi = address("SWITCHYARD_GITHUB_API", ["https:", "http:"], GITHUB_API);
  if (githubApi?.startsWith("http:") && !isLoopback(githubApi))
    report("SWITCHYARD_GITHUB_API", say("config.notEncrypted", { value: githubApi }), say("config.useHttps"));

  const signingKey = text("AUDIT_SIGNING_KEY");
  for (const key of signingKey?.split(",") ?? [])
    if (key.trim().length < LEAST_SECRET)
      report(
        "AUDIT_SIGNING_KEY",
        say("config.keyTooShort", { count: key.trim().length, least: LEAST_SECRET }),
        GENERATE,
      );

  const trustedProxies = (text("SWITCHYARD_TRUSTED_PROXIES") ?? "").split(/[\s,]+/).filter((range) => range !== "");
  for (const range of trustedProxies.filter((range) => !isAddressRange(range)))
    report("SWITCHYARD_TRUSTED_PROXIES", say("config.notRange", { value: range }), say("config.rangeLike"));

  const flag = text("SWITCHYARD_SANDBOX_USERS");
  if (flag !== null && !["0", "1", "true", "false"].includes(flag))
    report("SWITCHYARD_SANDBOX_USERS", say("config.notOneOrZero", { value: flag }), say("config.oneOrZero"));

  return {
    environment: {
      configPath: text("SWITCHYARD_CONFIG") ?? "switchyard.yaml",
      region: text("AWS_REGION") ?? text("AWS_DEFAULT_REGION"),
      endpoint,
      isEndpointLoopback,
      databaseUrl: withPassword(databaseUrl, "DATABASE_PASSWORD"),
      migrationUrl: withPassword(migrationUrl, "DATABASE_MIGRATION_PASSWORD"),
      dataDir: text("DATA_DIR") ?? ".data",
      secret: secret ?? "",
      url: url ?? "",
      oidc: readOidc(text, address, report),
      sandboxUsers: flag === null ? null : flag === "1" || flag === "true",
      apiToken,
      github: githubToken === null ? null : { api: githubApi ?? GITHUB_API, token: githubToken },
      trustedProxies,
      auditKeys: auditKeysOf(signingKey, secret ?? ""),
      traces: readOtlpSettings(env, report),
    },
    problems,
  };
}

function readOidc(text: (name: string) => string | null, address: ReadAddress, report: Report): OidcSettings | null {
  const names = ["OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET"] as const;
  if (names.every((name) => text(name) === null)) return null;
  for (const name of names)
    if (text(name) === null)
      report(name, say("config.oidcUnset"), say("config.allOrNone", { names: names.join(", ") }));
  const issuer = address("OIDC_ISSUER", ["https:", "http:"], "https://login.example.com/realms/main") ?? "";
  if (issuer.startsWith("http:") && !isLoopback(issuer))
    report("OIDC_ISSUER", say("config.notEncrypted", { value: issuer }), say("config.issuerHttps"));
  const scope = text("OIDC_SCOPE");
  if (scope !== null && !scope.split(/\s+/).includes("openid"))
    report(
      "OIDC_SCOPE",
      say("config.lacksOpenid", { value: scope }),
      say("config.setLike", { example: "openid profile email groups" }),
    );
  return {
    issuer,
    clientId: text("OIDC_CLIENT_ID") ?? "",
    clientSecret: text("OIDC_CLIENT_SECRET") ?? "",
    name: text("OIDC_NAME"),
    scope: scope ?? "openid profile email",
    roleClaim: text("OIDC_ROLE_CLAIM"),
    assumesVerifiedEmail: readAssumption(text, report),
  };
}

function readAssumption(text: (name: string) => string | null, report: Report): boolean {
  const said = text("OIDC_ASSUME_EMAIL_VERIFIED");
  if (said !== null && !["true", "1", "false", "0"].includes(said))
    report("OIDC_ASSUME_EMAIL_VERIFIED", say("config.notTrueOrFalse", { value: said }), say("config.assumeVerified"));
  return said === "true" || said === "1";
}

/** Whether an address is of this machine and no other. */
export function isLoopback(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const host = new URL(address).hostname;
  return host === "localhost" || host === "[::1]" || /^127(\.\d{1,3}){3}$/.test(host);
}
