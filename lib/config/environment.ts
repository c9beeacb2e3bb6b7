import { isAddressRange } from "./address-range.ts";
import { auditKeysOf } from "./audit-config.ts";
import type { ConfigProblem } from "./problem.ts";
import { type OtlpSettings, readOtlpSettings } from "./traces-config.ts";

/** The variables as the process has them. */
export type Env = Readonly<Record<string, string | undefined>>;

/** One OpenID Connect provider. */
export interface OidcSettings {
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** As the sign-in button calls it. */
  name: string;
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
const GENERATE = `run: node -e "console.log(require('crypto').randomBytes(32).toString('base64url'))"`;

/** Reads every variable once and collects every problem. Values of secrets never appear in a problem. */
export function readEnvironment(env: Env): { environment: Environment; problems: ConfigProblem[] } {
  const problems: ConfigProblem[] = [];
  const report = (where: string, message: string, fix: string): void => {
    problems.push({ where, message, fix });
  };
  const text = (name: string) => {
    const value = env[name]?.trim();
    return value === undefined || value === "" ? null : value;
  };
  const address = (name: string, schemes: readonly string[], example: string) => {
    const value = text(name);
    if (value === null) return null;
    const url = URL.canParse(value) ? new URL(value) : null;
    if (url && schemes.includes(url.protocol)) return value.replace(/\/+$/, "");
    // A database address may carry a password.
    const shown = name.startsWith("DATABASE_") ? "the value" : `"${value}"`;
    report(name, `${shown} is not an address that starts with ${schemes.join("// or ")}//`, `set it like ${example}`);
    return null;
  };

  const endpoint = address(
    "AWS_ENDPOINT_URL",
    ["http:", "https:"],
    "http://127.0.0.1:4566, or unset it for AWS itself",
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
      report(name, "it is set, but the address it belongs to is not", "set both, or neither");
      return null;
    }
    const whole = new URL(url);
    whole.password = encodeURIComponent(password);
    return whole.href;
  };
  if (migrationUrl !== null && databaseUrl === null && text("DATABASE_URL") === null)
    report("DATABASE_URL", "it is not set, but DATABASE_MIGRATION_URL is", "set both, or neither");
  const secret = text("NEXTAUTH_SECRET");
  const isEndpointLoopback = endpoint !== null && isLoopback(endpoint);
  if (secret === null) report("NEXTAUTH_SECRET", "it is not set; sessions are signed with it", GENERATE);
  else if (secret.length < LEAST_SECRET && !isEndpointLoopback)
    report("NEXTAUTH_SECRET", `it has ${secret.length} characters, fewer than ${LEAST_SECRET}`, GENERATE);

  const url = address("NEXTAUTH_URL", ["http:", "https:"], "https://switchyard.example.com");
  if (url === null && text("NEXTAUTH_URL") === null)
    report(
      "NEXTAUTH_URL",
      "it is not set; sign-in and the check of a request's origin need the address people open",
      "set it like https://switchyard.example.com",
    );

  const apiToken = text("SWITCHYARD_API_TOKEN");
  if (apiToken !== null && apiToken.length < LEAST_SECRET)
    report("SWITCHYARD_API_TOKEN", `it has ${apiToken.length} characters, fewer than ${LEAST_SECRET}`, GENERATE);

  const githubToken = text("SWITCHYARD_GITHUB_TOKEN");
  const githubApi = address("SWITCHYARD_GITHUB_API", ["https:", "http:"], GITHUB_API);
  if (githubApi?.startsWith("http:") && !isLoopback(githubApi))
    report("SWITCHYARD_GITHUB_API", `"${githubApi}" is not encrypted`, "use the https:// address");

  const signingKey = text("AUDIT_SIGNING_KEY");
  for (const key of signingKey?.split(",") ?? [])
    if (key.trim().length < LEAST_SECRET)
      report("AUDIT_SIGNING_KEY", `a key has ${key.trim().length} characters, fewer than ${LEAST_SECRET}`, GENERATE);

  const trustedProxies = (text("SWITCHYARD_TRUSTED_PROXIES") ?? "").split(/[\s,]+/).filter((range) => range !== "");
  for (const range of trustedProxies.filter((range) => !isAddressRange(range)))
    report(
      "SWITCHYARD_TRUSTED_PROXIES",
      `"${range}" is neither an address nor a range of them`,
      "set it like 10.0.0.0/16, several separated by commas; it is where your proxies or load balancers connect from",
    );

  const flag = text("SWITCHYARD_SANDBOX_USERS");
  if (flag !== null && !["0", "1", "true", "false"].includes(flag))
    report("SWITCHYARD_SANDBOX_USERS", `"${flag}" is neither 1 nor 0`, "set 1 or 0, or unset it");

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

function readOidc(
  text: (name: string) => string | null,
  address: (name: string, schemes: readonly string[], example: string) => string | null,
  report: (where: string, message: string, fix: string) => void,
): OidcSettings | null {
  const names = ["OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET"] as const;
  if (names.every((name) => text(name) === null)) return null;
  for (const name of names)
    if (text(name) === null)
      report(name, "it is not set, but another OIDC_ variable is", `set all of ${names.join(", ")}, or none`);
  const issuer = address("OIDC_ISSUER", ["https:", "http:"], "https://login.example.com/realms/main") ?? "";
  if (issuer.startsWith("http:") && !isLoopback(issuer))
    report("OIDC_ISSUER", `"${issuer}" is not encrypted`, "use the issuer's https:// address");
  const scope = text("OIDC_SCOPE");
  if (scope !== null && !scope.split(/\s+/).includes("openid"))
    report(
      "OIDC_SCOPE",
      `"${scope}" lacks openid, without which there is no sign-in`,
      "set it like openid profile email groups",
    );
  return {
    issuer,
    clientId: text("OIDC_CLIENT_ID") ?? "",
    clientSecret: text("OIDC_CLIENT_SECRET") ?? "",
    name: text("OIDC_NAME") ?? "Single sign-on",
    scope: scope ?? "openid profile email",
    roleClaim: text("OIDC_ROLE_CLAIM"),
    assumesVerifiedEmail: readAssumption(text, report),
  };
}

function readAssumption(
  text: (name: string) => string | null,
  report: (where: string, message: string, fix: string) => void,
): boolean {
  const said = text("OIDC_ASSUME_EMAIL_VERIFIED");
  if (said !== null && !["true", "1", "false", "0"].includes(said))
    report(
      "OIDC_ASSUME_EMAIL_VERIFIED",
      `"${said}" is neither true nor false`,
      "set true only where the provider verifies every address and never sends email_verified",
    );
  return said === "true" || said === "1";
}

/** Whether an address is of this machine and no other. */
export function isLoopback(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const host = new URL(address).hostname;
  return host === "localhost" || host === "[::1]" || /^127(\.\d{1,3}){3}$/.test(host);
}
