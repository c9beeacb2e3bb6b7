/**
 * Every audit row carries the hash of its own content and of the row before it, whoever inserts it. The head says how far the
 * chain reaches, so that rows missing at its end are noticed. `lib/store/audit-chain.ts` computes the same hash to verify it.
 */
export const theAuditChain = {
  name: "0003-the-audit-chain",
  statements: [
    // A long audit is chained row by row.
    "set local statement_timeout = 0",
    `alter table audit add column receipt text, add column aws_request_id text,
      add column sequence bigint, add column hash text`,
    `create function audit_field(value text) returns text language sql immutable as $$
      select case when value is null then '-;' else octet_length(convert_to(value, 'UTF8')) || ':' || value || ';' end
    $$`,
    `create function audit_hash(before text, entry audit) returns text language sql immutable as $$
      select encode(sha256(convert_to(before || audit_field(entry.sequence::text) || audit_field(entry.id)
        || audit_field(entry.at::text) || audit_field(entry.actor_id) || audit_field(entry.actor_name)
        || audit_field(entry.role) || audit_field(entry.via) || audit_field(entry.address) || audit_field(entry.action)
        || audit_field(entry.application) || audit_field(entry.deployment_id) || audit_field(entry.outcome)
        || audit_field(entry.code) || audit_field(entry.message) || audit_field(entry.reason)
        || audit_field(entry.receipt) || audit_field(entry.aws_request_id), 'UTF8')), 'hex')
    $$`,
    "create table audit_head (only_one boolean primary key check (only_one), sequence bigint not null, hash text not null)",
    "insert into audit_head values (true, 0, repeat('0', 64))",
    "alter table audit disable trigger audit_only_grows",
    `do $$
      declare
        entry audit;
        position bigint := 0;
        before text := repeat('0', 64);
      begin
        for entry in select * from audit order by at, id loop
          position := position + 1;
          entry.sequence := position;
          before := audit_hash(before, entry);
          update audit set sequence = position, hash = before where id = entry.id;
        end loop;
        update audit_head set sequence = position, hash = before;
      end
    $$`,
    "alter table audit enable trigger audit_only_grows",
    "alter table audit alter column sequence set not null, alter column hash set not null",
    "create unique index audit_sequence on audit (sequence)",
    "create index audit_action on audit (action, at desc, id desc)",
    "create index audit_outcome on audit (outcome, at desc, id desc)",
    `create function chain_audit() returns trigger language plpgsql as $$
      declare
        head audit_head;
      begin
        perform pg_advisory_xact_lock(7921604332);
        select * into strict head from audit_head;
        new.sequence := head.sequence + 1;
        new.hash := audit_hash(head.hash, new);
        update audit_head set sequence = new.sequence, hash = new.hash;
        return new;
      end
    $$`,
    "create trigger audit_is_chained before insert on audit for each row execute function chain_audit()",
    `create trigger audit_head_stays before delete or truncate on audit_head
      for each statement execute function refuse_change()`,
  ],
};
