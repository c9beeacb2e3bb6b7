/** Notifications on their way, and what holds until people were told of it. */
export const theOutbox = {
  name: "0002-the-outbox",
  statements: [
    `create table outbox (
      sequence bigint generated always as identity primary key,
      notification_id text not null,
      endpoint text not null,
      application text not null,
      notification json not null,
      state text not null check (state in ('pending', 'delivered', 'failed')),
      attempts integer not null,
      created_at bigint not null,
      next_at bigint not null,
      leased_until bigint not null,
      finished_at bigint,
      last_error text,
      unique (notification_id, endpoint)
    )`,
    "create index outbox_pending on outbox (endpoint, sequence) where state = 'pending'",
    "create index outbox_newest on outbox (created_at desc, sequence desc)",
    "create index outbox_application on outbox (application, created_at desc, sequence desc)",
    `create table conditions (
      application text not null,
      condition text not null,
      since bigint not null,
      seen_at bigint not null,
      primary key (application, condition)
    )`,
  ],
};
