export const source = {
  ecs: "태스크와 이벤트",
  elb: "리스너와 대상",
  cloudwatch: "지표와 경보",
  logs: "로그",
  ecr: "이미지",
  store: "이력",
} as const;
