/**
 * Audit rows say more: when it was asked for, with which session or token, about what else, from what to what, and AWS's
 * request ids. Rows that have `asked_at` are hashed with the new columns; older ones keep the hash they were given.
 */
export const theWholeRow = {
  name: "0012-the-whole-row",
  statements: [
    `alter table audit add column asked_at bigint, add column credential_id text, add column subject text,
      add column before_state text, add column after_state text, add column aws_request_ids text`,
    `create or replace function audit_hash(before text, entry audit) returns text language sql immutable as $$
      select encode(sha256(convert_to(before || audit_field(entry.sequence::text) || audit_field(entry.id)
        || audit_field(entry.at::text) || audit_field(entry.actor_id) || audit_field(entry.actor_name)
        || audit_field(entry.role) || audit_field(entry.via) || audit_field(entry.address) || audit_field(entry.action)
        || audit_field(entry.application) || audit_field(entry.deployment_id) || audit_field(entry.outcome)
        || audit_field(entry.code) || audit_field(entry.message) || audit_field(entry.reason)
        || audit_field(entry.receipt) || audit_field(entry.aws_request_id)
        || case when entry.asked_at is null then '' else
          audit_field(entry.asked_at::text) || audit_field(entry.credential_id) || audit_field(entry.subject)
          || audit_field(entry.before_state) || audit_field(entry.after_state) || audit_field(entry.aws_request_ids)
        end, 'UTF8')), 'hex')
    $$`,
    // Functions below run as their owner, whoever inserts or prunes: their names must not be looked up anywhere else.
    `do $$ begin execute format($make$
      create or replace function chain_audit() returns trigger language plpgsql security definer
        set search_path = %I, pg_temp as $body$
        declare
          head audit_head;
        begin
          perform pg_advisory_xact_lock(7921604332);
          select * into strict head from audit_head;
          new.asked_at := coalesce(new.asked_at, new.at);
          new.sequence := head.sequence + 1;
          new.hash := audit_hash(head.hash, new);
          update audit_head set sequence = new.sequence, hash = new.hash;
          return new;
        end
      $body$
    $make$, current_schema()); end $$`,
    // Names as well as ids are filtered by; a page of one deployment's rows is what a handover is made from.
    "create index audit_actor_name on audit (actor_name, at desc, id desc)",
    "create index audit_deployment on audit (deployment_id, sequence) where deployment_id is not null",
  ],
};
