export const health = {
  flaps: "{target} 대상이 불안정합니다. 15분 동안 {falls}번 비정상이 되었습니다",
  is: "{target} 대상의 상태가 {state}입니다",
  isBecause: "{target} 대상의 상태가 {state}입니다 ({reason})",
  healthyForOf: "{needed}초 중 {seconds}초 동안 정상",
  healthyFor: "{needed}초 동안 정상",
  allSick:
    "{side} 쪽에 정상 대상이 없습니다. 로드 밸런서가 비정상인 대상 {targets}개 모두에 요청을 보냅니다(fail open)",
  takesAll: "{side} 쪽이 대상 {targets}개 중 {healthy}개만 정상인 채로 모든 트래픽을 받습니다",
} as const;
