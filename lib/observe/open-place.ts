import { createAssumedRole } from "../aws/assumed-role.ts";
import { type Aws, type AwsOptions, createAws } from "../aws/aws.ts";
import { limitsOf } from "../aws/budget-limits.ts";
import type { AccountConfig } from "../config/accounts-config.ts";
import type { ApplicationConfig } from "../config/application-config.ts";
import type { RateLimits } from "../config/rate-limits-config.ts";
import { createControllers } from "../controllers/registry.ts";
import { shareTargetMemory } from "../gather/facts.ts";
import { createObserver, type ObserverOptions } from "./observer.ts";
import type { Place } from "./place.ts";

/** AWS in another place, by the role of its account where it has one; `own` itself where that is the place. */
export function openAws(
  own: Aws,
  { account, region }: Pick<Place, "account" | "region">,
  limits: NonNullable<AwsOptions["limits"]>,
  now: () => number,
): Aws {
  if (account === null && region === own.region) return own;
  const signed = account ? { credentials: createAssumedRole(account, own.sts.assumeRole, now) } : {};
  return createAws({ region, endpoint: own.endpoint, limits, ...signed });
}

/**
 * Opens places: each with clients and budgets of its own, in other accounts signed with a session of their role. `own` is AWS by the
 * process's own credentials in its own Region.
 */
export function placeOpener(
  own: Aws,
  options: Omit<ObserverOptions, "aws" | "controllers" | "configs"> &
    Pick<AwsOptions, "limits"> & {
      now: () => number;
      /** Of the account of the process's own credentials. */
      rateLimits?: RateLimits;
    },
): (account: AccountConfig | null, region: string, configs: readonly ApplicationConfig[]) => Place {
  const { limits: ofTests, rateLimits: ofOwn = {}, now, ...rest } = options;
  return (account, region, configs) => {
    const limits = { ...limitsOf(account?.rateLimits ?? ofOwn), ...ofTests };
    const aws = openAws(own, { account, region }, limits, now);
    shareTargetMemory(own, aws);
    const controllers = createControllers(aws, now);
    return { account, region, aws, controllers, observer: createObserver({ ...rest, aws, controllers, configs, now }) };
  };
}
