/** The first shape of the record. Applied migrations are never edited: add another. */
export const theRecord = {
  name: "0001-the-record",
  statements: [
    `create table deployments (
      id text primary key,
      application text not null,
      is_in_flight boolean not null,
      started_at bigint not null,
      finished_at bigint,
      document json not null
    )`,
    "create unique index deployments_one_in_flight on deployments (application) where is_in_flight",
    "create index deployments_newest on deployments (application, started_at desc, id desc)",
    `create table journal (
      deployment_id text not null references deployments (id),
      sequence integer not null,
      document json not null,
      primary key (deployment_id, sequence)
    )`,
    `create table leases (
      application text primary key,
      holder text not null,
      token bigint not null,
      expires_at bigint not null
    )`,
    `create table idempotency_keys (
      scope text not null,
      key text not null,
      request_hash text not null,
      deployment_id text,
      created_at bigint not null,
      primary key (scope, key)
    )`,
    "create index idempotency_keys_oldest on idempotency_keys (created_at)",
    `create table audit (
      id text primary key,
      at bigint not null,
      actor_id text not null,
      actor_name text not null,
      role text,
      via text not null,
      address text,
      action text not null,
      application text,
      deployment_id text,
      outcome text not null check (outcome in ('done', 'refused', 'failed')),
      code text,
      message text not null,
      reason text
    )`,
    "create index audit_newest on audit (at desc, id desc)",
    "create index audit_application on audit (application, at desc, id desc)",
    "create index audit_actor on audit (actor_id, at desc, id desc)",
    `create function refuse_change() returns trigger language plpgsql as $$
      begin raise exception 'rows of % are only ever added', tg_table_name; end
    $$`,
    `create trigger audit_only_grows before update or delete or truncate on audit
      for each statement execute function refuse_change()`,
    `create trigger journal_only_grows before update or delete or truncate on journal
      for each statement execute function refuse_change()`,
    `create table stopped_tasks (
      application text not null,
      task_arn text not null,
      slot text not null check (slot in ('blue', 'green')),
      stopped_at bigint not null,
      task json not null,
      last_lines json not null,
      primary key (application, task_arn)
    )`,
    "create index stopped_tasks_newest on stopped_tasks (application, stopped_at desc, task_arn)",
  ],
};
