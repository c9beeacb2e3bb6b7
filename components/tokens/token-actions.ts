import type { ApiToken } from "@/lib/domain/access/api-token.ts";
import type { Result } from "@/lib/domain/verb/blocker.ts";
import type { Verb } from "@/lib/domain/verb/verb.ts";

/** What is chosen for a new token. */
export interface TokenChoice {
  name: string;
  verbs: Verb[];
  applications: string[];
  expiresAt: number;
}

/** The page's server actions, as the desk calls them. */
export interface TokenActions {
  create(choice: TokenChoice): Promise<Result<{ token: ApiToken; secret: string }>>;
  revoke(input: { tokenId: string }): Promise<Result<ApiToken>>;
}
