/** What a person compares before a deploy; values of environment variables are never carried. */
export interface ContainerSummary {
  name: string;
  image: string;
  essential: boolean;
  cpu: number | null;
  memory: number | null;
  ports: string[];
  /** Names only: values may be secrets. A changed value shows as a changed fingerprint. */
  environment: { name: string; fingerprint: string }[];
  /** Secret name to the ARN or parameter name it comes from; never its value. */
  secrets: { name: string; valueFrom: string }[];
  logGroup: string | null;
  logStreamPrefix: string | null;
}

export interface TaskDefinitionSummary {
  /** ARN, or null while it is only planned. */
  arn: string | null;
  family: string;
  cpu: string | null;
  memory: string | null;
  networkMode: string | null;
  taskRoleArn: string | null;
  executionRoleArn: string | null;
  containers: ContainerSummary[];
}

/** One line of the diff: a field's path in words, before and after (null: absent). */
export interface TaskDefinitionChange {
  field: string;
  before: string | null;
  after: string | null;
}
