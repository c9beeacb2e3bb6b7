export const breach = {
  alarm: "경보 {name}: 발생했습니다",
  alarmWhy: "경보 {name}: 발생했습니다: {why}",
  taskExits: "트래픽을 옮긴 뒤 {to} 쪽의 태스크 {dead}개가 스스로 종료되었습니다. 허용: {allowed}개",
  taskExitsWhy:
    "트래픽을 옮긴 뒤 {to} 쪽의 태스크 {dead}개가 스스로 종료되었습니다. 허용: {allowed}개. 가장 최근: {why}",
  noTarget: "{to} 쪽에 남은 대상이 없어 로드 밸런서가 모든 요청에 503으로 응답합니다",
  unhealthy: "트래픽을 옮긴 뒤 {to} 쪽의 대상 {targets}개 중 {sick}개가 비정상이 되었습니다: {first}",
  errors:
    "{to} 쪽이 요청의 {share}에 5xx로 응답했습니다 ({requests}건 중 {errors}건{own, plural, =0 {} other {, 그중 {own}건은 로드 밸런서가 응답}}). 허용: {allowed}",
  errorsCompared:
    "{to} 쪽이 요청의 {share}에 5xx로 응답했습니다 ({requests}건 중 {errors}건{own, plural, =0 {} other {, 그중 {own}건은 로드 밸런서가 응답}}). {other} 쪽은 {oldShare}였습니다 ({oldRequests}건 중 {oldErrors}건). 허용: {allowed}",
  slow: "{to} 쪽의 응답 시간이 {time}입니다 (요청 {requests}건의 95번째 백분위수). {other} 쪽은 {oldTime}였습니다 (요청 {oldRequests}건). 허용: {allowed}",
  errorKinds:
    "{to} 쪽에만 있거나 {other} 쪽보다 훨씬 잦은 오류 종류가 {count}개입니다 (처음: {first}). 허용: {allowed}개",
} as const;
