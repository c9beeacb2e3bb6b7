export const freeze = {
  stopped:
    "{by} 님이 {scope, select, every {모든 애플리케이션의 배포를} other {배포를}} 중단했습니다. 해제할 때까지 유지됩니다: {reason}",
  stoppedUntil:
    "{by} 님이 {scope, select, every {모든 애플리케이션의 배포를} other {배포를}} {until}까지 중단했습니다: {reason}",
  waitOrLift: "그때까지 기다리거나 관리자에게 해제를 요청하세요. 롤백과 중단은 계속할 수 있습니다",
} as const;
