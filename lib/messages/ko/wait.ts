export const wait = {
  stops: "중단합니다. {from} 쪽이 계속 운영됩니다",
  isScaledDown: "{side} 쪽이 스케일 다운됩니다",
  noLongerKept: "{side} 쪽을 더 이상 유지하지 않습니다",
  elsewhere: "다른 곳에서 응답합니다",
  goesLive: "{to} 쪽에서 운영됩니다",
  shiftsNext: "트래픽의 다음 단계가 {to} 쪽에서 운영됩니다",
  rollsBack: "롤백합니다. {from} 쪽이 계속 운영됩니다",
  bakesFirst: "롤백 가능 시간이 끝납니다. {driver}: 관찰 시간 뒤 {from} 쪽을 종료합니다",
  stopsOld: "롤백 가능 시간이 끝납니다. {driver}: {from} 쪽을 종료합니다",
  turnsBack: "롤백합니다. 모든 트래픽이 {from} 쪽으로 돌아갑니다",
  goesLiveWithout: "승인 없이 {to} 쪽에서 운영됩니다",
} as const;
