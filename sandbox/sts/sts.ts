import type * as Sts from "@aws-sdk/client-sts";
import type { SandboxBase, SimulatedService } from "../service.ts";

/** The simulated token service. */
export interface StsSimulator {
  service: SimulatedService;
  reset(): Promise<void>;
  close(): Promise<void>;
}

/** Every caller is the same user of the sandbox's account, whatever keys it signs with. */
export function createSts({ place }: SandboxBase): StsSimulator {
  const identity: Sts.GetCallerIdentityResponse = {
    Account: place.accountId,
    Arn: `arn:aws:iam::${place.accountId}:user/sandbox`,
    UserId: "AIDASANDBOXSANDBOX000",
  };
  return {
    service: {
      name: "sts",
      operations: {
        GetCallerIdentity() {
          return identity;
        },
      },
    },
    reset: async () => undefined,
    close: async () => undefined,
  };
}
