/** Saved when a side fails to come up, because ECS forgets stopped tasks within the hour. */
export interface FailureEvidence {
  tasks: {
    id: string;
    stopCode?: string;
    stoppedReason?: string;
    containers: { name: string; exitCode?: number; reason?: string; essential?: boolean }[];
  }[];
  targets: { id: string; state: string; reason?: string; description?: string }[];
  lines: { at: number; taskId: string; text: string }[];
}
