export const paging = {
  pages: "페이지",
  newest: "최신",
  older: "이전",
} as const;
