/** Why a delivery failed, in no language, beside its English. */
export const theDeliveryErrors = {
  name: "0081-the-delivery-errors",
  statements: ["alter table outbox add column last_error_said json"],
};
