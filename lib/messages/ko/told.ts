export const told = {
  why: "{what}: {why}",
  next: "{first}. {second}",
  also: "{first}; {second}",
  hours: "{hours}시간",
  minutes: "{minutes}분",
  seconds: "{seconds}초",
  times: "{before} {last}",
  allAtOnce: "한 번에 전체",
  canary: "{time} 동안 {percent}%, 이후 전체",
  linear: "{time}마다 {percent}%, 총 {total}",
  container: "{name}, 종료 코드 {code}",
  days: "{days}일",
} as const;
