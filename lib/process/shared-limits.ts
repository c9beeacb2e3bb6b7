import { API_FAMILIES } from "../config/rate-limits-config.ts";
import type { Place } from "../observe/place.ts";
import type { Places } from "../observe/places.ts";
import type { SharedLimits } from "./replica-watch.ts";

/** The budgets of every account and Region, as replicas tell each other of them. */
export function sharedLimits(places: Pick<Places, "all">): SharedLimits {
  return {
    shareAmong(replicas) {
      for (const { aws } of places.all()) aws.budgets.shareAmong(replicas);
    },
    throttles() {
      const counted = places.all().flatMap((place) =>
        place.aws.budgets
          .use()
          .filter(({ throttles }) => throttles > 0)
          .map(({ family, throttles }) => [keyOf(place, family), throttles] as const),
      );
      return Object.fromEntries(counted);
    },
    throttledElsewhere(what) {
      for (const place of places.all())
        for (const family of API_FAMILIES)
          if (keyOf(place, family) === what) place.aws.budgets.throttledElsewhere(family);
    },
  };
}

/** "staging eu-west-1 elb-read"; the process's own account has no name. */
function keyOf({ account, region }: Place, family: string): string {
  return [...(account ? [account.name] : []), region, family].join(" ");
}
