export const codeDeploy = {
  "error.ALARM_ACTIVE": "배포 그룹의 경보가 울렸습니다",
  "error.ECS_UPDATE_ERROR": "ECS가 CodeDeploy의 서비스 요청을 거부했습니다",
  "error.ELASTIC_LOAD_BALANCING_INVALID": "CodeDeploy가 리스너를 변경하지 못했습니다",
  "error.HOOK_EXECUTION_FAILURE": "훅의 Lambda 함수가 실패했습니다",
  "error.IAM_ROLE_PERMISSIONS": "배포 그룹의 서비스 역할에 권한이 없습니다",
  "error.INVALID_ECS_SERVICE": "서비스가 배포 그룹의 조건에 맞지 않습니다",
  "error.RESOURCE_LIMIT_EXCEEDED": "계정의 한도에 도달했습니다",
  "error.THROTTLED": "AWS가 CodeDeploy의 호출을 제한했습니다",
  "error.TIMEOUT": "CodeDeploy의 대기 시간을 넘겼습니다",
  behindListener:
    "리스너가 기본 태스크 세트의 대상 그룹으로 모두 보내지 않습니다. 누군가 변경했거나 두 규칙이 서로 다릅니다. 되돌린 뒤 다시 배포하세요. CodeDeploy: {message} ({code})",
  explained: "{what}: {message} ({code})",
  told: "{message} ({code})",
  rollbackEnded: "롤백 {id}이(가) {status} 상태로 끝났습니다",
  failedEvent: "{name} 실패",
  waits:
    "CodeDeploy가 새 태스크 {count}개가 모두 정상이 될 때까지 최대 60분 기다립니다. 지금 {running}개 실행 중입니다",
} as const;
