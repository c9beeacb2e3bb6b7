export const problem = {
  "title.401": "로그인하지 않음",
  "title.403": "권한 없음",
  "title.404": "찾을 수 없음",
  "title.406": "제공하지 않는 형식",
  "title.409": "현재 상태와 충돌",
  "title.413": "너무 큼",
  "title.415": "JSON이 아님",
  "title.422": "거부됨",
  "title.429": "요청이 너무 많음",
  "title.502": "AWS 오류",
  "title.503": "사용할 수 없음",
} as const;
