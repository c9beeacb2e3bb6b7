import type * as Acm from "@aws-sdk/client-acm";
import { AwsError, type SandboxBase, type SimulatedService } from "../service.ts";

/** Simulated certificates. */
export interface AcmSimulator {
  service: SimulatedService;
  reset(): void;
}

const HOUR_MS = 3_600_000;
const YEAR_MS = 365 * 86_400_000;
/** What AWS gives a certificate of its own: https://docs.aws.amazon.com/acm/latest/userguide/acm-certificate-characteristics.html */
const VALID_MS = Math.round(YEAR_MS * (13 / 12));

/** An account without certificates; what is asked for is issued at once, as if its DNS record was there already. */
export function createAcm({ clock, place, random }: SandboxBase): AcmSimulator {
  const certificates = new Map<string, Acm.CertificateDetail>();
  const tags = new Map<string, readonly Acm.Tag[]>();
  const tokens = new Map<string, { asked: string; at: number; arn: string }>();
  const prefix = `arn:aws:acm:${place.region}:${place.accountId}:certificate/`;

  const get = (arn: string | undefined): Acm.CertificateDetail => {
    if (!arn?.startsWith("arn:")) throw new AwsError("ValidationException", `${arn} is no valid certificate ARN`);
    const found = certificates.get(arn);
    if (!found) throw new AwsError("ResourceNotFoundException", `Could not find certificate ${arn}.`);
    return found;
  };

  return {
    service: {
      name: "acm",
      operations: {
        RequestCertificate(input: Acm.RequestCertificateRequest): Acm.RequestCertificateResponse {
          const { DomainName = "", SubjectAlternativeNames = [], ValidationMethod, IdempotencyToken } = input;
          const asked = JSON.stringify([DomainName, SubjectAlternativeNames]);
          const same = IdempotencyToken === undefined ? undefined : tokens.get(IdempotencyToken);
          // The token is remembered for an hour; with another domain it is for another certificate.
          if (same?.asked === asked && clock.now() - same.at < HOUR_MS && certificates.has(same.arn))
            return { CertificateArn: same.arn };
          const hex = () => Math.floor(random() * 16).toString(16);
          const id = "xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx".replaceAll("x", hex);
          const now = clock.now();
          const CertificateArn = `${prefix}${id}`;
          if (IdempotencyToken !== undefined) tokens.set(IdempotencyToken, { asked, at: now, arn: CertificateArn });
          if (input.Tags) tags.set(CertificateArn, input.Tags);
          certificates.set(CertificateArn, {
            CertificateArn,
            DomainName,
            SubjectAlternativeNames: [...new Set([DomainName, ...SubjectAlternativeNames])],
            Status: "ISSUED",
            Type: input.CertificateAuthorityArn ? "PRIVATE" : "AMAZON_ISSUED",
            CertificateAuthorityArn: input.CertificateAuthorityArn,
            ManagedBy: input.ManagedBy,
            Options: {
              CertificateTransparencyLoggingPreference: "ENABLED",
              Export: "DISABLED",
              ...input.Options,
            },
            CreatedAt: new Date(now),
            IssuedAt: new Date(now),
            NotBefore: new Date(now),
            NotAfter: new Date(now + VALID_MS),
            InUseBy: [],
            KeyAlgorithm: input.KeyAlgorithm ?? "RSA_2048",
            RenewalEligibility: "ELIGIBLE",
            DomainValidationOptions: [
              { DomainName, ValidationStatus: "SUCCESS", ValidationMethod: ValidationMethod ?? "EMAIL" },
            ],
          });
          return { CertificateArn };
        },

        DescribeCertificate(input: Acm.DescribeCertificateRequest): Acm.DescribeCertificateResponse {
          return { Certificate: get(input.CertificateArn) };
        },

        DeleteCertificate(input: Acm.DeleteCertificateRequest) {
          get(input.CertificateArn);
          certificates.delete(input.CertificateArn ?? "");
          tags.delete(input.CertificateArn ?? "");
          return {};
        },

        ListTagsForCertificate(input: Acm.ListTagsForCertificateRequest): Acm.ListTagsForCertificateResponse {
          get(input.CertificateArn);
          return { Tags: [...(tags.get(input.CertificateArn ?? "") ?? [])] };
        },
      },
    },
    reset() {
      for (const part of [certificates, tags, tokens]) part.clear();
    },
  };
}
