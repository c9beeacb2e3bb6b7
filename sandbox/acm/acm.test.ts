import {
  ACMClient,
  DeleteCertificateCommand,
  DescribeCertificateCommand,
  ListTagsForCertificateCommand,
  RequestCertificateCommand,
} from "@aws-sdk/client-acm";
import { afterEach, beforeEach, expect, it } from "vitest";
import { startTestServer, testBase } from "../protocol/test-server.ts";
import { createAcm } from "./acm.ts";

let server: Awaited<ReturnType<typeof startTestServer>>;
let client: ACMClient;

beforeEach(async () => {
  server = await startTestServer({ services: [createAcm(testBase()).service] });
  client = new ACMClient(server.clientConfig);
});
afterEach(async () => {
  client.destroy();
  await server.close();
});

it("issues what is asked for, for thirteen months, and says what is not there", async () => {
  const { CertificateArn } = await client.send(new RequestCertificateCommand({ DomainName: "library.example.com" }));
  const { Certificate } = await client.send(new DescribeCertificateCommand({ CertificateArn }));
  expect(Certificate).toMatchObject({ DomainName: "library.example.com", Status: "ISSUED", Type: "AMAZON_ISSUED" });
  const months = ((Certificate?.NotAfter?.getTime() ?? 0) - (Certificate?.NotBefore?.getTime() ?? 0)) / 86_400_000 / 30;
  expect(Math.round(months)).toBe(13);
  await client.send(new DeleteCertificateCommand({ CertificateArn }));
  const gone = client.send(new DescribeCertificateCommand({ CertificateArn }));
  await expect(gone).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  const bad = client.send(new RequestCertificateCommand({ DomainName: "not a name" }));
  await expect(bad).rejects.toMatchObject({ name: "ValidationException" });
});

it("tells again what was asked for, and answers the same token with the same certificate", async () => {
  const asked = {
    ...({ DomainName: "library.example.com", KeyAlgorithm: "EC_prime256v1", IdempotencyToken: "first" } as const),
    Options: { CertificateTransparencyLoggingPreference: "DISABLED" } as const,
    Tags: [{ Key: "team", Value: "library" }],
  };
  const { CertificateArn } = await client.send(new RequestCertificateCommand(asked));
  const { Certificate } = await client.send(new DescribeCertificateCommand({ CertificateArn }));
  expect(Certificate).toMatchObject({
    KeyAlgorithm: "EC_prime256v1",
    Options: { ...asked.Options, Export: "DISABLED" },
  });
  expect((await client.send(new ListTagsForCertificateCommand({ CertificateArn }))).Tags).toEqual(asked.Tags);
  expect((await client.send(new RequestCertificateCommand(asked))).CertificateArn).toBe(CertificateArn);
  const other = { ...asked, DomainName: "shop.example.com" };
  expect((await client.send(new RequestCertificateCommand(other))).CertificateArn).not.toBe(CertificateArn);
});
