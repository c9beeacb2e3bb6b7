/** When the line was stopped, for whom, why and until when. */
export const theFreezes = {
  name: "0007-the-freezes",
  statements: [
    `create table freezes (
      id text primary key,
      application text,
      reason text not null,
      started_by text not null,
      started_at bigint not null,
      until bigint,
      lifted_at bigint,
      lifted_by text
    )`,
    "create index freezes_newest on freezes (started_at desc, id desc)",
    "create index freezes_open on freezes (application) where lifted_at is null",
  ],
};
