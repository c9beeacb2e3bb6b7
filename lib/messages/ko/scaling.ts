export const scaling = {
  now: "오토스케일링 정책 {name}이(가) 지금 {side} 쪽을 줄이고 있습니다. 최소 태스크 {least}개",
  nowSince: "오토스케일링 정책 {name}이(가) {since}부터 {side} 쪽을 줄이고 있습니다. 최소 태스크 {least}개",
  below:
    "{metric} 값이 15분 동안 {level} 아래이면 오토스케일링 정책 {name}이(가) {side} 쪽을 줄입니다. 최소 태스크 {least}개",
  byAlarm: "경보 {alarm}이(가) 울리면 오토스케일링 정책 {name}이(가) {side} 쪽을 줄입니다. 최소 태스크 {least}개",
  byPolicy: "오토스케일링 정책 {name}이(가) {side} 쪽을 줄일 수 있습니다. 최소 태스크 {least}개",
  aboveMaximum:
    "{side} 쪽의 원하는 태스크는 {desired}개인데 오토스케일링은 최대 {most}개만 허용합니다. 다음에 작동하는 정책이 그 수로 줄입니다",
  scheduledAt: "예약 작업 {name}: {at}부터 {side} 쪽 태스크는 최대 {most}개입니다",
  scheduled: "예약 작업 {name}: 일정 {schedule} ({timezone})에 따라 {side} 쪽 태스크는 최대 {most}개입니다",
  suspended: "오토스케일링 정책의 {side} 쪽 축소가 중지되어 있습니다",
} as const;
