/** The longest times that an application may set for itself, in minutes. */
export interface StageTimeouts {
  /** Until a started side has to be healthy and stable; while its old targets drain, their delay is added. */
  becomeHealthyMinutes: number;
  /** Until a person has to switch; ECS's PAUSE hook has the same default and range. */
  awaitSwitchMinutes: number;
  /** Until the old side has to be live again once a deployment rolls back. */
  rollbackMinutes: number;
}

/** What holds where nothing is configured. */
export const DEFAULT_TIMEOUTS: StageTimeouts = {
  becomeHealthyMinutes: 15,
  awaitSwitchMinutes: 1440,
  rollbackMinutes: 15,
};
