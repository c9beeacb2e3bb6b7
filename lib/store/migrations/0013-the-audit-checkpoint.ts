/**
 * Old audit rows may go, and only by `prune_audit`: from the oldest on, none younger than 30 days by the database's own clock,
 * and with a checkpoint in their place that says where the chain goes on. The checkpoint's signature is made and checked
 * outside the database (`lib/store/audit-checkpoint.ts`), so that nobody in it can make one.
 */
export const theAuditCheckpoint = {
  name: "0013-the-audit-checkpoint",
  statements: [
    `create table audit_checkpoint (
      only_one boolean primary key check (only_one),
      sequence bigint not null,
      hash text not null,
      rows bigint not null,
      pruned_at bigint not null,
      signature text not null
    )`,
    // A setting alone opens nothing: the runtime's role has no right to delete, and only the owner passes the second test.
    `create function refuse_audit_change() returns trigger language plpgsql as $$
      declare
        owner text := (select pg_get_userbyid(relowner) from pg_class where oid = tg_relid);
      begin
        if tg_op <> 'TRUNCATE' and current_user = owner and current_setting('switchyard.pruning', true) = 'on' then
          return null;
        end if;
        raise exception 'rows of % are only ever added', tg_table_name;
      end
    $$`,
    "drop trigger audit_only_grows on audit",
    `create trigger audit_only_grows before delete or truncate on audit
      for each statement execute function refuse_audit_change()`,
    `create trigger audit_never_changes before update on audit
      for each statement execute function refuse_change()`,
    `create trigger audit_checkpoint_stays before insert or update or delete or truncate on audit_checkpoint
      for each statement execute function refuse_audit_change()`,
    `do $$ begin execute format($make$
      create function prune_audit(up_to bigint, up_to_hash text, total bigint, pruned bigint, signed text)
        returns bigint language plpgsql security definer set search_path = %I, pg_temp as $body$
        declare
          youngest bigint := (extract(epoch from clock_timestamp()) * 1000)::bigint - 30 * 86400000::bigint;
          gone bigint;
        begin
          perform pg_advisory_xact_lock(7921604332);
          if exists (select from audit_checkpoint where sequence >= up_to) then
            return 0;
          end if;
          if not exists (select from audit where sequence = up_to and hash = up_to_hash) then
            raise exception 'the audit has no row %% with this hash', up_to;
          end if;
          if exists (select from audit where sequence <= up_to and at >= youngest) then
            raise exception 'audit rows of the last 30 days are kept';
          end if;
          perform set_config('switchyard.pruning', 'on', true);
          delete from audit where sequence <= up_to;
          get diagnostics gone = row_count;
          insert into audit_checkpoint values (true, up_to, up_to_hash, total, pruned, signed)
            on conflict (only_one) do update set sequence = excluded.sequence, hash = excluded.hash,
              rows = excluded.rows, pruned_at = excluded.pruned_at, signature = excluded.signature;
          perform set_config('switchyard.pruning', 'off', true);
          return gone;
        end
      $body$
    $make$, current_schema()); end $$`,
    "revoke execute on function prune_audit(bigint, text, bigint, bigint, text) from public",
  ],
};
