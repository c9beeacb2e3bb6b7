/** Since when a deployment waits for people to approve it, so that all of them are found without reading every record. */
export const theApprovals = {
  name: "0008-the-approvals",
  statements: [
    "alter table deployments add column approval_since bigint",
    "create index deployments_awaiting on deployments (approval_since desc, id) where approval_since is not null",
  ],
};
