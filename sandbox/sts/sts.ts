import type * as Sts from "@aws-sdk/client-sts";
import { AwsError, type SandboxBase, type SimulatedService } from "../service.ts";
import type { RoleSessions } from "./sessions.ts";

/** The simulated token service. */
export interface StsSimulator {
  service: SimulatedService;
  reset(): Promise<void>;
  close(): Promise<void>;
}

/** Every caller is the same user of the sandbox's account, whatever keys it signs with; there are roles only where `sessions` has some. */
export function createSts({ place }: SandboxBase, sessions?: RoleSessions): StsSimulator {
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
        AssumeRole(input: Sts.AssumeRoleCommandInput) {
          if (sessions) return sessions.assume(identity.Arn ?? "", input);
          const what = `sts:AssumeRole on resource: ${input.RoleArn}`;
          throw new AwsError("AccessDenied", `User: ${identity.Arn} is not authorized to perform: ${what}`, 403);
        },
      },
    },
    reset: async () => undefined,
    close: async () => undefined,
  };
}
