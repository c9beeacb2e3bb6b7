export const CONTROLLERS = ["paired-services", "task-set", "ecs-native", "code-deploy"] as const;

export type ControllerName = (typeof CONTROLLERS)[number];
