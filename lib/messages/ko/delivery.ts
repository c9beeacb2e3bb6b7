export const delivery = {
  gone: "이 엔드포인트는 더 이상 설정되어 있지 않습니다",
  noMailServer: "메일 서버가 응답하지 않습니다({code})",
  noCode: "코드 없음",
  redirects: "HTTP {status}: 리디렉션을 따라가지 않습니다. 최종 주소를 설정하세요",
  noAnswerWithin: "{seconds}초 안에 응답이 없습니다",
  noAnswerCode: "응답이 없습니다({code})",
  noAnswer: "응답이 없습니다",
} as const;
