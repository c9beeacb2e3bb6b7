/** Which steps of readiness a person has put off, why and until when; the last word on each counts. */
export const thePutOffs = {
  name: "0032-the-put-offs",
  statements: [
    `create table put_offs (
      application text not null,
      step text not null,
      reason text not null,
      by_name text not null,
      at bigint not null,
      until bigint not null,
      primary key (application, step)
    )`,
  ],
};
