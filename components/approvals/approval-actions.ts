import type { Deployment } from "@/lib/domain/deployment/deployment.ts";
import type { TaskDefinitionChange } from "@/lib/domain/observation/task-definition.ts";
import type { Receipt } from "@/lib/domain/snapshot/receipt.ts";
import type { Blocker, Result } from "@/lib/domain/verb/blocker.ts";

/** What an approval page starts with; the stream brings what changes of the deployment. */
export interface ApprovalView {
  deployment: Deployment;
  receipt: Receipt | null;
  changes: TaskDefinitionChange[] | null;
  problem: string | null;
  blocker: Blocker | null;
}

type Answer = Promise<Result<Deployment, { receipt?: Receipt }>>;

/** The server actions that the page hands down. */
export interface ApprovalActions {
  approve(input: { deploymentId: string; receipt: string; comment?: string }): Answer;
  reject(input: { deploymentId: string; comment?: string }): Answer;
}
