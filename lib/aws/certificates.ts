import { type ACMClient, DescribeCertificateCommand } from "@aws-sdk/client-acm";
import type { CertificateFact } from "../domain/readiness/load-balancer-facts.ts";
import type { Priority } from "./budget.ts";
import type { Caller } from "./caller.ts";

/** ACM's certificates in our words; nothing of them is ever changed. */
export interface Certificates {
  describe(arn: string, priority: Priority): Promise<CertificateFact>;
}

/** ACM through the SDK's client. */
export function createCertificates(client: ACMClient, call: Caller): Certificates {
  return {
    async describe(CertificateArn, priority) {
      const { Certificate } = await call(
        { service: "acm", operation: "DescribeCertificate", family: "acm-read", priority, effect: "read" },
        (abortSignal) => client.send(new DescribeCertificateCommand({ CertificateArn }), { abortSignal }),
      );
      return {
        arn: CertificateArn,
        domain: Certificate?.DomainName ?? "",
        names: Certificate?.SubjectAlternativeNames ?? [Certificate?.DomainName ?? ""],
        status: Certificate?.Status ?? "",
        endsAt: Certificate?.NotAfter?.getTime() ?? null,
      };
    },
  };
}
