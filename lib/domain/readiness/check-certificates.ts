import { say } from "../sentence/sentence.ts";
import { judge } from "./judge-look.ts";
import type { CertificateFact } from "./load-balancer-facts.ts";
import { fail, pass, unknown, warn } from "./point.ts";
import type { Point } from "./readiness.ts";
import type { ReadinessFacts } from "./readiness-facts.ts";

const DAY_MS = 86_400_000;
/** ACM renews 60 days before the end; what is left at half of that is not being renewed. */
const SOON_DAYS = 30;
const OF_ACM = /^arn:[\w-]+:acm:/;

/** What HTTPS listeners identify themselves with is good, and for how long. */
export function checkCertificates({ loadBalancer, certificates, at }: ReadinessFacts): readonly Point[] {
  if (loadBalancer.state !== "seen" || loadBalancer.value === null) return [];
  const arns = [...new Set(loadBalancer.value.listeners.flatMap((listener) => listener.certificates))];
  if (arns.length === 0) return [];
  const others = arns.filter((arn) => !OF_ACM.test(arn));
  return [
    ...(others.length < arns.length ? judge(certificates, (all) => all.map((one) => checkCertificate(one, at))) : []),
    ...loadBalancer.value.listeners.flatMap(({ unread }) => (unread ? judge(unread, () => []) : [])),
    ...others.map((arn) => unknown(say("check.certificateOther", { arn }))),
  ];
}

function checkCertificate({ domain, status, endsAt }: CertificateFact, at: number): Point {
  const day = endsAt === null ? "" : new Date(endsAt).toISOString().slice(0, 10);
  if (endsAt !== null && endsAt <= at) return fail(say("check.certificateEnded", { domain, day }));
  if (status !== "ISSUED" || endsAt === null) return fail(say("check.certificateStatus", { domain, status }));
  const days = Math.floor((endsAt - at) / DAY_MS);
  return days < SOON_DAYS
    ? warn(say("check.certificateEnds", { domain, day, days }))
    : pass(say("check.certificateGood", { domain, day }));
}
