/** What is used of the package, which has no types. */
declare module "oidc-provider" {
  import type { RequestListener } from "node:http";

  interface Claims {
    sub: string;
    [name: string]: unknown;
  }

  interface Configuration {
    clients: readonly Readonly<Record<string, unknown>>[];
    cookies: { keys: readonly string[] };
    claims: Readonly<Record<string, readonly string[]>>;
    findAccount(ctx: unknown, id: string): { accountId: string; claims(): Claims } | undefined;
  }

  type Middleware = (
    ctx: { path: string; query: Readonly<Record<string, unknown>> },
    next: () => Promise<void>,
  ) => Promise<void>;

  export default class Provider {
    constructor(issuer: string, configuration: Configuration);
    use(middleware: Middleware): void;
    callback(): RequestListener;
  }
}
