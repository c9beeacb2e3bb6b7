export const drift = {
  changed: "{at} UTC, {what} (Switchyard가 바꾼 것이 아닙니다)",
  countChanged: "{at} UTC, {what} (Switchyard가 바꾼 것이 아닙니다. 오토스케일링이 바꾸기도 합니다)",
  listener: "전환이 옮기는 것이 삭제된 뒤 새로 만들어짐: {from} → {to}",
  targetGroup: "{side} 쪽 대상 그룹이 삭제된 뒤 새로 만들어짐: {from} → {to}",
  weights: "가중치 변경: {from} → {to}",
  groupStickiness: "대상 그룹 간 고정 세션 변경: {from} → {to}",
  taskDefinition: "{side} 쪽 태스크 정의 변경: {from} → {to}",
  desired: "{side} 쪽 desiredCount 변경: {from} → {to}",
  stickiness: "{side} 쪽 대상의 고정 세션 변경: {from} → {to}",
  deregistrationDelay: "{side} 쪽 등록 취소 지연 변경: {from} → {to}",
  foreignTargets: "{side} 쪽 그룹에서 어느 태스크에도 속하지 않는 대상 변경: {from} → {to}",
  missingTargets: "실행 중인 태스크의 대상 중 {side} 쪽 그룹에 없는 것 변경: {from} → {to}",
} as const;
