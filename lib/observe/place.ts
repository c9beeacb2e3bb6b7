import type { Aws } from "../aws/aws.ts";
import type { AccountConfig } from "../config/accounts-config.ts";
import type { Controllers } from "../controllers/registry.ts";
import type { Observer } from "./observer.ts";

/** Where applications are: an account and a Region, with clients, budgets and an observer of its own. */
export interface Place {
  /** Null where the process's own credentials are used. */
  account: AccountConfig | null;
  region: string;
  aws: Aws;
  controllers: Controllers;
  observer: Observer;
}
