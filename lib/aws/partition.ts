/** The Regions of each partition begin so: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html, and the SDK's own list. */
const PARTITIONS = [
  ["cn-", "aws-cn"],
  ["us-gov-", "aws-us-gov"],
  ["eusc-", "aws-eusc"],
  ["us-iso-", "aws-iso"],
  ["us-isob-", "aws-iso-b"],
  ["eu-isoe-", "aws-iso-e"],
  ["us-isof-", "aws-iso-f"],
] as const;

/** What ARNs of a Region begin with after "arn:"; "aws" for a Region of no other partition. */
export function partitionOf(region: string): string {
  return PARTITIONS.find(([prefix]) => region.startsWith(prefix))?.[1] ?? "aws";
}
