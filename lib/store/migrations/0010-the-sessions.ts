/**
 * People's sessions, so that they can be shown and ended. A session is a cookie and works without its row; what ends it is
 * either the row's end or, for all sessions of a person, a time before which they must not have begun.
 */
export const theSessions = {
  name: "0010-the-sessions",
  statements: [
    `create table sessions (
      id text primary key,
      person_id text not null,
      name text not null,
      provider text not null,
      address text,
      started_at bigint not null,
      last_seen_at bigint not null,
      ended_at bigint,
      ended_by text
    )`,
    "create index sessions_newest on sessions (started_at desc, id desc)",
    "create index sessions_ended on sessions (ended_at) where ended_at is not null",
    `create table session_ends (
      person_id text primary key,
      ended_before bigint not null,
      ended_by text not null
    )`,
  ],
};
