/** What each source tells. */
export const source = {
  ecs: "Tasks and events",
  elb: "Listener and targets",
  cloudwatch: "Metrics and alarms",
  logs: "Logs",
  ecr: "Images",
  store: "History",
} as const;
