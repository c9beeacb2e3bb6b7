export const ui = {
  copy: "복사",
  copied: "복사됨",
  notCopied: "복사하지 못했습니다. 브라우저가 거부했습니다",
  close: "닫기",
  nameCopy: "{text}, {label} 복사",
  pressToCopy: "눌러서 복사",
  reason: "사유, 기록용 (선택)",
  scrollable: "{label}, 스크롤 가능",
  notLoaded: "페이지의 이 부분을 불러오지 못했습니다",
  loadAgain: "다시 불러오기",
  orderOfEntries: "항목의 순서",
} as const;
