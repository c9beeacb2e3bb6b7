/** What auto scaling will do to a side, and what Switchyard did about it. */
export const scaling = {
  now: "Auto scaling policy {name} scales {side} in now, to no fewer than {least, plural, one {# task} other {# tasks}}",
  nowSince:
    "Auto scaling policy {name} scales {side} in since {since}, to no fewer than {least, plural, one {# task} other {# tasks}}",
  below:
    "Auto scaling policy {name} scales {side} in once {metric} is below {level} for 15 minutes, to no fewer than {least, plural, one {# task} other {# tasks}}",
  byAlarm:
    "Auto scaling policy {name} scales {side} in once the alarm {alarm} goes off, to no fewer than {least, plural, one {# task} other {# tasks}}",
  byPolicy:
    "Auto scaling policy {name} may scale {side} in, to no fewer than {least, plural, one {# task} other {# tasks}}",
  aboveMaximum:
    "{side} is asked to run {desired, plural, one {# task} other {# tasks}} and its auto scaling allows at most {most}: the next policy that acts leaves it no more",
  scheduledAt: "Scheduled action {name} leaves {side} at most {most, plural, one {# task} other {# tasks}} from {at}",
  scheduled:
    "Scheduled action {name} leaves {side} at most {most, plural, one {# task} other {# tasks}} by its schedule {schedule} ({timezone})",
  suspended: "Auto scaling policies do not scale {side} in: that is suspended",
} as const;
