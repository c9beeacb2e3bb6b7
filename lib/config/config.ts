import type { AccessConfig } from "./access-config.ts";
import type { AccountConfig } from "./accounts-config.ts";
import type { ApplicationConfig } from "./application-config.ts";
import type { AuditConfig } from "./audit-config.ts";
import type { OidcSettings } from "./environment.ts";
import type { EventsQueue } from "./events-config.ts";
import type { NotificationsConfig } from "./notifications-config.ts";
import type { PipelineIssuer } from "./pipelines-config.ts";
import type { RateLimits } from "./rate-limits-config.ts";
import type { OtlpSettings } from "./traces-config.ts";

/** Everything the process was told, validated once at boot: the environment and switchyard.yaml together. */
export interface Config {
  /** Of switchyard.yaml. */
  configPath: string;
  /** As switchyard.yaml names them; names are resolved from AWS by the observer. */
  applications: ApplicationConfig[];
  /** Besides that of the process's own credentials. */
  accounts: readonly AccountConfig[];
  /** API rate limits of the process's own account that differ from AWS's. */
  rateLimits: RateLimits;
  /** Queues with ECS's events. */
  events: readonly EventsQueue[];
  /** Of applications that name neither a Region nor an account. */
  region: string;
  /** Null means AWS itself. */
  endpoint: string | null;
  databaseUrl: string | null;
  /** Of the schema's owner, where that is another role than the runtime's. */
  migrationUrl: string | null;
  /** Addresses and ranges of the proxies in front; this machine is always one. */
  trustedProxies: readonly string[];
  /** Of the embedded database and its lock file. */
  dataDir: string;
  access: AccessConfig;
  auth: AuthConfig;
  /** Told of every application; each may name more. */
  notifications: NotificationsConfig;
  pipelines: {
    /** What tokens must be made for. */
    audience: string;
    issuers: readonly PipelineIssuer[];
    /** Addresses of people by what an issuer calls them. */
    people: Readonly<Record<string, string>>;
  };
  /** What readiness looks at GitHub with; null without a token. */
  github: { api: string; token: string } | null;
  audit: AuditConfig & {
    /** Sign and check where it was pruned; the first one signs. */
    keys: readonly string[];
  };
  /** Where traces go; left out or null, none are made. */
  traces?: OtlpSettings | null;
}

/** What sign-in is made from. */
interface AuthConfig {
  secret: string;
  /** What people open, without a trailing slash. */
  url: string;
  oidc: OidcSettings | null;
  /** One ready user for each role; true only with an AWS endpoint on this machine. */
  sandboxUsers: boolean;
  apiToken: string | null;
}
