export const gate = {
  closeWindow: "롤백 가능 시간 끝내기",
  letScaleUp: "{driver}: {to} 쪽 스케일 업 진행",
  letGoOn: "{driver}: {to} 쪽 계속 진행",
  letShiftStep: "{driver}: {to} 쪽으로 다음 단계 진행",
  letShiftAll: "{driver}: 모든 트래픽을 {to} 쪽으로 전환",
  goesLive: "{driver}: 계속 진행하고 {to} 쪽이 운영됩니다",
  shiftsNext: "{driver}: 계속 진행하고 트래픽의 다음 단계가 {to} 쪽에서 운영됩니다",
  stops: "{driver}: 중단합니다. {from} 쪽이 계속 운영됩니다",
  rollsBack: "{driver}: 롤백합니다. {from} 쪽이 계속 운영됩니다",
  bakesFirst: "{driver}: 롤백 가능 시간을 끝냅니다. 관찰 시간 뒤 {from} 쪽을 종료합니다",
  stopsOld: "{driver}: 롤백 가능 시간을 끝내고 {from} 쪽을 종료합니다",
  turnsBack: "{driver}: 롤백합니다. 모든 트래픽이 {from} 쪽으로 돌아갑니다",
} as const;
