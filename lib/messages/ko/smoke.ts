export const smoke = {
  with: '{status} ("{text}" 포함)',
  withoutText: "{status} (본문 없음)",
  leading: "{status} ({to}(으)로 이동, 따라가지 않음)",
  none: "{url} 예상 응답: {wanted}. {why}",
  other: "{url} 예상 응답: {wanted}, 실제 응답: {came}",
  answered: "{url} 응답: {wanted} ({ms}ms)",
  late: "{seconds}초 안에 응답이 없었습니다",
  noneCode: "응답이 없었습니다 ({code})",
  noAnswer: "응답이 없었습니다",
  leaves: "경로가 테스트 리스너의 주소를 벗어납니다",
} as const;
