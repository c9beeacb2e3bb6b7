import { expect, test } from "vitest";
import { inEnglish } from "../domain/sentence/in-language.ts";
import { type AwsFailure, causeSaid, describeFailure, fixSaid, toAwsFailure } from "./errors.ts";

const englishFix = (failure: AwsFailure) => {
  const fix = fixSaid(failure);
  return fix && inEnglish(fix);
};

/* Refusals as AWS words them. */

const USER = "User: arn:aws:sts::123456789012:assumed-role/switchyard/i-0a1b is not authorized to perform:";
const SERVICE = "arn:aws:ecs:eu-west-1:123456789012:service/main/library";
const ROLE = "arn:aws:iam::123456789012:role/library-execution";

function failed(operation: string, code: string, message: string, status = 400) {
  const [service, name = ""] = operation.split(":") as ["ecs", string];
  return toAwsFailure(
    Object.assign(new Error(message), { name: code, $metadata: { httpStatusCode: status } }),
    service,
    name,
  );
}

test.each([
  [
    "ecs:UpdateService",
    "AccessDeniedException",
    `${USER} ecs:UpdateService on resource: ${SERVICE} because no identity-based policy allows the ecs:UpdateService action`,
    `Not allowed: ecs:UpdateService on ${SERVICE} (AccessDeniedException)`,
    `Allow ecs:UpdateService on ${SERVICE} for Switchyard's role`,
  ],
  [
    "ecs:RegisterTaskDefinition",
    "AccessDeniedException",
    `${USER} iam:PassRole on resource: ${ROLE} because no identity-based policy allows the iam:PassRole action`,
    `Not allowed: iam:PassRole on ${ROLE}, which ecs:RegisterTaskDefinition needs (AccessDeniedException)`,
    `Allow iam:PassRole on ${ROLE} for Switchyard's role`,
  ],
  [
    "ecs:RegisterTaskDefinition",
    "ClientException",
    `${USER} iam:PassRole on resource: ${ROLE}`,
    `Not allowed: iam:PassRole on ${ROLE}, which ecs:RegisterTaskDefinition needs (ClientException)`,
    `Allow iam:PassRole on ${ROLE} for Switchyard's role`,
  ],
  [
    "ecs:UpdateService",
    "AccessDeniedException",
    `${USER} ecs:UpdateService on resource: ${SERVICE} with an explicit deny in an identity-based policy`,
    `Denied: ecs:UpdateService on ${SERVICE} (AccessDeniedException)`,
    `Remove the deny of ecs:UpdateService on ${SERVICE} from the policies of Switchyard's role: allowing it elsewhere does not help`,
  ],
  [
    "ecs:UpdateService",
    "AccessDeniedException",
    `${USER} ecs:UpdateService on resource: ${SERVICE} with an explicit deny in a service control policy: arn:aws:organizations::111122223333:policy/o-a/service_control_policy/p-b`,
    `Denied: ecs:UpdateService on ${SERVICE} (AccessDeniedException)`,
    `Remove the deny of ecs:UpdateService on ${SERVICE} from the organization's service control policies (SCP): allowing it elsewhere does not help`,
  ],
  [
    "ecs:UpdateService",
    "AccessDeniedException",
    `${USER} ecs:UpdateService on resource: ${SERVICE} because no service control policy allows the ecs:UpdateService action`,
    `Not allowed: ecs:UpdateService on ${SERVICE} (AccessDeniedException)`,
    `Allow ecs:UpdateService on ${SERVICE} in the organization's service control policies (SCP); a permission of Switchyard's role alone does not help`,
  ],
  [
    "logs:FilterLogEvents",
    "AccessDeniedException",
    "The specified KMS key does not exist or is not allowed to be used with Arn 'arn:aws:logs:eu-west-1:123456789012:log-group:/ecs/a'",
    "logs:FilterLogEvents failed: The specified KMS key does not exist or is not allowed to be used with Arn 'arn:aws:logs:eu-west-1:123456789012:log-group:/ecs/a' (AccessDeniedException)",
    "Enable the key, and let the service use it in the key's own policy (kms:Decrypt for logs.REGION.amazonaws.com): a permission of Switchyard's role does not help",
  ],
  [
    "elasticloadbalancing:ModifyRule",
    "AccessDenied",
    `${USER} elasticloadbalancing:ModifyRule on resource: arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener-rule/app/a/1/2/3 because no permissions boundary allows the elasticloadbalancing:ModifyRule action`,
    "Not allowed: elasticloadbalancing:ModifyRule on arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener-rule/app/a/1/2/3 (AccessDenied)",
    "Allow elasticloadbalancing:ModifyRule on arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener-rule/app/a/1/2/3 in the permissions boundary of Switchyard's role; a permission of Switchyard's role alone does not help",
  ],
  [
    "logs:FilterLogEvents",
    "AccessDeniedException",
    `${USER} logs:FilterLogEvents on resource: arn:aws:logs:eu-west-1:123456789012:log-group:/ecs/library:log-stream: with an explicit deny in a resource control policy`,
    "Denied: logs:FilterLogEvents on arn:aws:logs:eu-west-1:123456789012:log-group:/ecs/library:log-stream: (AccessDeniedException)",
    "Remove the deny of logs:FilterLogEvents on arn:aws:logs:eu-west-1:123456789012:log-group:/ecs/library:log-stream: from the organization's resource control policies (RCP): allowing it elsewhere does not help",
  ],
  [
    "ecr:DescribeImages",
    "AccessDeniedException",
    `${USER} ecr:DescribeImages on resource: arn:aws:ecr:eu-west-1:444455556666:repository/library because no resource-based policy allows the ecr:DescribeImages action`,
    "Not allowed: ecr:DescribeImages on arn:aws:ecr:eu-west-1:444455556666:repository/library (AccessDeniedException)",
    "Allow ecr:DescribeImages on arn:aws:ecr:eu-west-1:444455556666:repository/library in the resource's own policy; a permission of Switchyard's role alone does not help",
  ],
  [
    "ecs:DescribeTasks",
    "AccessDeniedException",
    `${USER} ecs:DescribeTasks because no session policy allows the ecs:DescribeTasks action`,
    "Not allowed: ecs:DescribeTasks (AccessDeniedException)",
    "Allow ecs:DescribeTasks in the session policy with which the role was assumed; a permission of Switchyard's role alone does not help",
  ],
  [
    "ecs:DescribeTasks",
    "AccessDeniedException",
    `${USER} ecs:DescribeTasks on resource: arn:aws:ecs:eu-west-1:123456789012:task/main/0a1b because no VPC endpoint policy allows the ecs:DescribeTasks action`,
    "Not allowed: ecs:DescribeTasks on arn:aws:ecs:eu-west-1:123456789012:task/main/0a1b (AccessDeniedException)",
    "Allow ecs:DescribeTasks on arn:aws:ecs:eu-west-1:123456789012:task/main/0a1b in the policy of the VPC endpoint that the call goes through; a permission of Switchyard's role alone does not help",
  ],
  [
    "elasticloadbalancing:DescribeRules",
    "AccessDenied",
    "You are not authorized to perform this operation. Encoded authorization failure message: uzhQeqw3RXzAVbBps8w4",
    "Not allowed: elasticloadbalancing:DescribeRules (AccessDenied)",
    "Allow elasticloadbalancing:DescribeRules for Switchyard's role",
  ],
])("%s, %s: %s", (operation, code, message, cause, fix) => {
  const failure = failed(operation, code, message);
  expect(failure).toMatchObject({ kind: "denied", retryable: false, isOutcomeUnknown: false });
  expect(inEnglish(causeSaid(failure))).toBe(cause);
  expect(englishFix(failure)).toBe(fix);
  expect(describeFailure(failure)).toBe(`${cause}. ${fix}`);
});

const RENEW = /^Renew the credentials/;
const GIVE = /^Give the process credentials/;
const CORRECT = /^Correct the credentials/;
const CLOCK = /^Set the clock/;
const MISMATCH =
  "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.";
const EXPIRED = "Signature expired: 20261129T144040Z is now earlier than 20261129T173143Z (20261129T174643Z - 15 min.)";
const NOT_YET =
  "Signature not yet current: 20261129T183640Z is still later than 20261129T175140Z (20261129T173640Z + 15 min.)";

test.each([
  ["ExpiredTokenException", "The security token included in the request is expired", "credentials", RENEW],
  ["ExpiredToken", "The provided token has expired.", "credentials", RENEW],
  [
    "CredentialsProviderError",
    "Token is expired. To refresh this SSO session run 'aws sso login'",
    "credentials",
    RENEW,
  ],
  ["CredentialsProviderError", "Could not load credentials from any providers", "credentials", GIVE],
  ["MissingAuthenticationToken", "Missing Authentication Token", "credentials", GIVE],
  ["UnrecognizedClientException", "The security token included in the request is invalid.", "credentials", CORRECT],
  ["InvalidClientTokenId", "The security token included in the request is invalid.", "credentials", CORRECT],
  ["AuthFailure", "AWS was not able to validate the provided access credentials", "credentials", CORRECT],
  ["SignatureDoesNotMatch", MISMATCH, "credentials", CORRECT],
  ["InvalidSignatureException", MISMATCH, "credentials", CORRECT],
  ["SignatureDoesNotMatch", EXPIRED, "clock", CLOCK],
  ["InvalidSignatureException", EXPIRED, "clock", CLOCK],
  ["InvalidSignatureException", NOT_YET, "clock", CLOCK],
  ["SignatureDoesNotMatch", NOT_YET, "clock", CLOCK],
  ["RequestExpired", "Request has expired.", "clock", CLOCK],
  [
    "RequestTimeTooSkewed",
    "The difference between the request time and the current time is too large.",
    "clock",
    CLOCK,
  ],
] as const)("%s, %s: %s with its own fix and no permission", (code, message, kind, fix) => {
  const failure = failed("ecs:DescribeServices", code, message, 403);
  expect(failure).toMatchObject({ kind, permission: null, denial: null, retryable: false, isOutcomeUnknown: false });
  expect(englishFix(failure)).toMatch(fix);
  expect(inEnglish(causeSaid(failure))).toContain(`ecs:DescribeServices was not accepted`);
});

test("what AWS says of a missing thing or a wrong value has no such fix", () => {
  expect(fixSaid(failed("ecs:DescribeServices", "ClusterNotFoundException", "Cluster not found."))).toBeNull();
  expect(fixSaid(failed("ecs:UpdateService", "InvalidParameterException", "Not authorized."))).toBeNull();
});
