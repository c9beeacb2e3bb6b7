export const happened = {
  deployment:
    "{to} 쪽 {kind, select, RELEASE {배포} SWITCH {전환} other {롤백}}{version, select, none {} other { ({version})}}",
  ended:
    "{what}: {how, select, STOPPED {중단됨} FAILED {실패함} SUCCESSFUL {완료됨} ROLLBACK_SUCCESSFUL {롤백됨} ROLLBACK_FAILED {실패했고 롤백도 하지 못함} other {끝남}}",
  tasks: "{side} 쪽 태스크 {task}{more, plural, =0 {} other { 외 #개}}: {why}",
  gate: "{what}: {stage} 게이트의 시간이 지났습니다. {how}",
  approvals:
    "{what}: 시간 안에 승인 {approvers}건 중 {given}건을 받았습니다. {then, select, continued {승인 없이 계속했습니다} other {배포를 끝내고 트래픽은 {from} 쪽에 남습니다}}",
  retired: "{what} 뒤에 {side} 쪽을 종료했습니다",
  began: "{who} 님이 {what} 시작",
  decided: "{who} 님이 {decision, select, approved {승인} other {거부}}",
  endedWell: "정상적으로 끝났습니다",
  endedAs: "{status} 상태로 끝났습니다",
  emptied: "{side} 쪽에 태스크 0개를 요청했습니다",
  taskRan: "태스크 {task} 실행",
  taskStopped: "태스크 {task} 중지: {why}",
  target: "대상 {target} {state}: {why}",
  newError: "새 오류의 첫 줄: {line}",
} as const;
