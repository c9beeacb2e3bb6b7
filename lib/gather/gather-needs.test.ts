import { expect, test } from "vitest";
import { definitionNeeds } from "../aws/definition-needs.ts";
import type { ManagedSecret } from "../domain/readiness/managed-secret.ts";
import { readNeeds } from "./gather-needs.ts";

/* A registry's credentials are a secret of Secrets Manager, by its ARN or by its name alone, and never a parameter. */

const PLACE = { accountId: "123456789012", region: "ap-northeast-2" };
const ARN = "arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:registry-AbCdEf";
const CURRENT: ManagedSecret = { isDeleted: false, versions: [{ id: "a", stages: ["AWSCURRENT"] }] };

async function needs(credentialsParameter: string, secret: ManagedSecret | null) {
  const asked: string[] = [];
  const aws = {
    roles: { findRole: () => Promise.resolve(null) },
    parameters: { describe: () => Promise.resolve([]) },
    managedSecrets: {
      describe: (id: string) => {
        asked.push(id);
        return Promise.resolve(secret);
      },
    },
    // Safe because nothing else of them is asked.
  } as unknown as Parameters<typeof readNeeds>[0];
  const raw = { containerDefinitions: [{ name: "library", repositoryCredentials: { credentialsParameter } }] };
  return { ...(await readNeeds(aws, PLACE, definitionNeeds(raw), "action")), asked };
}

test.each([ARN, "registry", "library/registry"])("credentials named %s are there", async (from) => {
  expect(await needs(from, CURRENT)).toEqual({ gone: [], unseen: [], asked: [from] });
});

test.each([ARN, "registry"])("credentials named %s are gone, or were deleted", async (from) => {
  const gone = [{ kind: "managedSecret", name: from }];
  expect(await needs(from, null)).toMatchObject({ gone, unseen: [] });
  expect(await needs(from, { ...CURRENT, isDeleted: true })).toMatchObject({ gone, unseen: [] });
});

test("those of another account are unseen", async () => {
  const from = ARN.replace("123456789012", "210987654321");
  expect(await needs(from, null)).toEqual({ gone: [], unseen: [{ kind: "managedSecret", name: from }], asked: [] });
});
