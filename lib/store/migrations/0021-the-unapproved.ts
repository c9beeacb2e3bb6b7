/** Which releases ended without the approval that they began under, so that what they started is never taken for approved. */
export const theUnapproved = {
  name: "0021-the-unapproved",
  statements: [
    "alter table deployments add column released_revision text",
    "alter table deployments add column is_unapproved boolean not null default false",
    `update deployments set released_revision = document->'revision'->>'taskDefinition' where document->>'kind' = 'RELEASE'`,
    `update deployments set is_unapproved = true
      where released_revision is not null and not is_in_flight
        and document->'approval'->>'state' in ('waiting', 'rejected', 'expired')`,
    "create index deployments_unapproved on deployments (application) where is_unapproved",
    "create index deployments_released on deployments (application, released_revision) where released_revision is not null",
  ],
};
