/**
 * Audit rows keep what they say in no language, as codes and values. Rows that have them are hashed with them; older ones keep
 * the hash they were given.
 */
export const theSentences = {
  name: "0071-the-sentences",
  statements: [
    "alter table audit add column sentences text",
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
        end
        || case when entry.sentences is null then '' else audit_field(entry.sentences) end, 'UTF8')), 'hex')
    $$`,
  ],
};
