import type * as Ssm from "@aws-sdk/client-ssm";

/** One parameter with its value, which only the calls that AWS gives values to answer with. */
export interface StoredParameter {
  name: string;
  value: string;
  type: Ssm.ParameterType;
  keyId: string | undefined;
  version: number;
  modifiedAt: Date;
  description: string | undefined;
  allowedPattern: string | undefined;
}
