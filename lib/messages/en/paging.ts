export const paging = {
  pages: "Pages",
  newest: "Newest",
  older: "Older",
} as const;
