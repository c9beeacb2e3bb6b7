export const handover = {
  ofDeployment: "인수인계: {application} 배포 {id}",
  ofApplication: "인수인계: {application}",
  intro:
    "{at}에 감사 기록{span, select, none {} other { {from} ~ {to}}}의 {count}행{chain, select, none {} other {(체인 {first}~{last})}}으로 작성했습니다{cut, select, none {} other {. 더 오래된 행은 제외했습니다}}. 시각은 UTC입니다.",
  inShort: "요약",
  happened: "진행 내용",
  notDone: "거부 또는 실패",
  nothing: "없음",
  askedFor: "{what}, {who} 님이 {at}에 요청",
  ended: "{what}; {at}에 종료: {message}",
  lastMoved: "{what}; 이 기록 안에서 끝나지 않음; 마지막 트래픽 이동 {at}: {action}",
  notEnded: "{what}; 이 기록 안에서 끝나지 않음",
  acted: "작업한 사람: {people}",
  attempts: "거부 또는 실패한 시도 {count}건",
  reason: "{what} (사유: {reason})",
} as const;
