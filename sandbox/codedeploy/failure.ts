import type { ErrorCode } from "@aws-sdk/client-codedeploy";
import { DeploymentFailed } from "../script.ts";

/** A deployment of CodeDeploy has failed, with the code of its `errorInformation`. */
export class CodedeployFailure extends DeploymentFailed {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
