export const health = {
  flaps: "{target} 대상이 불안정합니다. 15분 동안 {falls}번 비정상이 되었습니다",
  is: "{target} 대상의 상태가 {state}입니다",
  isBecause: "{target} 대상의 상태가 {state}입니다 ({reason})",
} as const;
