import type * as Acm from "@aws-sdk/client-acm";
import { AwsError, type SandboxBase, type SimulatedService } from "../service.ts";

/** Simulated certificates. */
export interface AcmSimulator {
  service: SimulatedService;
  reset(): void;
}

const YEAR_MS = 365 * 86_400_000;
/** What AWS gives a certificate of its own: https://docs.aws.amazon.com/acm/latest/userguide/acm-certificate-characteristics.html */
const VALID_MS = Math.round(YEAR_MS * (13 / 12));

/** An account without certificates; what is asked for is issued at once, as if its DNS record was there already. */
export function createAcm({ clock, place, random }: SandboxBase): AcmSimulator {
  const certificates = new Map<string, Acm.CertificateDetail>();
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
          const { DomainName = "", SubjectAlternativeNames = [], ValidationMethod } = input;
          if (!/^(?:\*\.)?(?:[a-z0-9-]+\.)+[a-z]{2,}$/i.test(DomainName))
            throw new AwsError("ValidationException", `Invalid domain name ${DomainName}`);
          const hex = () => Math.floor(random() * 16).toString(16);
          const id = "xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx".replaceAll("x", hex);
          const now = clock.now();
          const CertificateArn = `${prefix}${id}`;
          certificates.set(CertificateArn, {
            CertificateArn,
            DomainName,
            SubjectAlternativeNames: [...new Set([DomainName, ...SubjectAlternativeNames])],
            Status: "ISSUED",
            Type: "AMAZON_ISSUED",
            CreatedAt: new Date(now),
            IssuedAt: new Date(now),
            NotBefore: new Date(now),
            NotAfter: new Date(now + VALID_MS),
            InUseBy: [],
            KeyAlgorithm: "RSA_2048",
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
          return {};
        },
      },
    },
    reset: () => certificates.clear(),
  };
}
