/** How long things take, in sandbox milliseconds. */
export interface EcsTimings {
  /** AWS's scheduler looks about every 10 s; one second keeps the demo lively. */
  schedulerTickMs: number;
  provisioningMs: number;
  pullMs: number;
  activatingMs: number;
  deprovisioningMs: number;
  /** How long a stopped task stays visible. AWS promises at least an hour. */
  stoppedRetentionMs: number;
  /** A blue/green, linear or canary deployment is PENDING for so long. */
  deploymentStartMs: number;
  /** From a newer deployment to STOPPED. */
  supersedeMs: number;
  /** The least that a lifecycle stage takes. */
  stageMs: number;
  /** AWS gives a stage up after a day; one that waits for a person may take as long as its hook allows. */
  longestStageMs: number;
  reconcileMs: number;
  /** From the test rule's change to the end of the stage. */
  testShiftMs: number;
  /** From the production rule's change to the end of its step. */
  productionShiftMs: number;
  /** The longest that requests take to follow a rule that ECS changed; each change takes a random part of it. */
  dataPlaneLagMs: number;
  /** From a rule's change to the requested weights that DescribeServiceDeployments shows. */
  weightSnapshotMs: number;
  /** From the last deregistered target to the end of CLEAN_UP. */
  cleanUpMs: number;
  /** How long a new service deployment is not listed yet. */
  listLagMs: number;
}

/** How the world keeps time: lively, or as people have measured AWS. Minutes of bake times and hooks are minutes in both. */
export type EcsProfile = "fast" | "aws";

/** The first half is what a demo can wait for; posted timelines of real deployments give most of the second. */
export const TIMINGS: Readonly<Record<EcsProfile, EcsTimings>> = {
  fast: {
    schedulerTickMs: 1000,
    provisioningMs: 400,
    pullMs: 600,
    activatingMs: 200,
    deprovisioningMs: 400,
    stoppedRetentionMs: 3_600_000,
    deploymentStartMs: 100,
    supersedeMs: 290,
    stageMs: 200,
    longestStageMs: 24 * 3_600_000,
    reconcileMs: 1000,
    testShiftMs: 500,
    productionShiftMs: 500,
    dataPlaneLagMs: 0,
    weightSnapshotMs: 1000,
    cleanUpMs: 500,
    listLagMs: 0,
  },
  aws: {
    schedulerTickMs: 5000,
    provisioningMs: 10_000,
    pullMs: 12_000,
    activatingMs: 5000,
    deprovisioningMs: 5000,
    stoppedRetentionMs: 3_600_000,
    deploymentStartMs: 100,
    supersedeMs: 290,
    stageMs: 1000,
    longestStageMs: 24 * 3_600_000,
    reconcileMs: 10_000,
    testShiftMs: 20_000,
    productionShiftMs: 12_000,
    dataPlaneLagMs: 14_000,
    // Assumption: AWS calls the weights a snapshot and says no more.
    weightSnapshotMs: 5000,
    cleanUpMs: 53_000,
    listLagMs: 6000,
  },
};
