export const proof = {
  proving: "전환을 검증하고 있습니다: {note}",
  unproven: "전환했으나 검증되지 않았습니다: {note}",
  notYet: "전환했으나 아직 검증되지 않았습니다",
  later: "이후에 확인된 요청으로 검증되었습니다",
  noRequestLine: "찾을 요청 로그 형식이 설정되지 않았습니다",
  noAnswer: "제한 시간 안에 로그에서 확인하지 못했습니다",
  looks: "양쪽의 요청을 찾고 있습니다",
  nobodyLooked: "데이터베이스가 응답하지 않는 동안 요청을 확인하지 못했습니다",
  noneOnEither: "어느 쪽에서도 요청이 보이지 않습니다",
  noneOn: "{side} 쪽의 요청이 아직 보이지 않습니다",
  unnamedStream:
    "{side} 쪽 태스크 {tasks}개의 로그 스트림 이름을 알 수 없습니다(awslogs-stream-prefix를 설정하세요). 로그가 없다는 것만으로는 판단할 수 없습니다",
  silent: "{side} 쪽 로그에 {quiet}초 중 {silent}초 동안 요청이 없습니다",
  unlogged: "그 뒤 로드 밸런서가 {side} 쪽 요청 {requests}건을 집계했지만 로그에는 없습니다",
  uncounted: "로그와 달리 로드 밸런서는 {side} 쪽 요청을 집계하지 않았습니다",
} as const;
