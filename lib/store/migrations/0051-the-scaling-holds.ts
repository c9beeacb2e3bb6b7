/** Services whose scale-in Switchyard suspended, and has to give back whatever happens to it. */
export const theScalingHolds = {
  name: "0051-the-scaling-holds",
  statements: [
    `create table scaling_holds (
      resource_id text primary key,
      application text not null,
      side text not null,
      deployment_id text,
      asked_at bigint not null,
      held_at bigint
    )`,
  ],
};
