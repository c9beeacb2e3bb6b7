# Optional, with events = true: what ECS tells of one cluster and CodeDeploy of its deployments, kept in a queue for Switchyard to read
# (events in switchyard.yaml); without it Switchyard asks AWS by time. The same as ../aws/events.yaml.

variable "events" {
  type    = bool
  default = false
}

data "aws_caller_identity" "events" {
  count = var.events ? 1 : 0
}

data "aws_region" "events" {
  count = var.events ? 1 : 0
}

data "aws_partition" "events" {
  count = var.events ? 1 : 0
}

locals {
  event_patterns = var.events ? {
    ecs = jsonencode({
      source = ["aws.ecs"]
      detail-type = [
        "ECS Deployment State Change",
        "ECS Hook State Change",
        "ECS Service Action",
        "ECS Task State Change",
      ]
      detail = {
        "$or" = [
          { clusterArn = [join(":", ["arn", data.aws_partition.events[0].partition, "ecs", data.aws_region.events[0].name, data.aws_caller_identity.events[0].account_id, "cluster/${var.cluster}"])] },
          # ECS names the cluster of a deployment's change in the service's ARN alone.
          { eventName = [{ prefix = "SERVICE_DEPLOYMENT_" }] },
        ]
      }
    })
    # They name no cluster, so those of every application come.
    codedeploy = jsonencode({
      source = ["aws.codedeploy"]
      detail-type = [
        "CodeDeploy Deployment State-change Notification",
        "CodeDeploy Instance State-change Notification",
      ]
    })
  } : {}
}

resource "aws_sqs_queue" "undelivered" {
  count = var.events ? 1 : 0

  name                      = "${var.name}-events-undelivered"
  message_retention_seconds = 1209600
  sqs_managed_sse_enabled   = true
}

resource "aws_sqs_queue" "events" {
  count = var.events ? 1 : 0

  name                      = "${var.name}-events"
  message_retention_seconds = 345600
  sqs_managed_sse_enabled   = true
  redrive_policy            = jsonencode({ deadLetterTargetArn = aws_sqs_queue.undelivered[0].arn, maxReceiveCount = 5 })
}

resource "aws_cloudwatch_event_rule" "events" {
  for_each = local.event_patterns

  name          = "${var.name}-${each.key}"
  event_pattern = each.value
}

resource "aws_cloudwatch_event_target" "events" {
  for_each = local.event_patterns

  rule      = aws_cloudwatch_event_rule.events[each.key].name
  target_id = "queue"
  arn       = aws_sqs_queue.events[0].arn

  dead_letter_config {
    arn = aws_sqs_queue.undelivered[0].arn
  }
}

data "aws_iam_policy_document" "events" {
  count = var.events ? 1 : 0

  statement {
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.events[0].arn, aws_sqs_queue.undelivered[0].arn]

    principals {
      type        = "Service"
      identifiers = ["events.amazonaws.com"]
    }

    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values   = [for rule in aws_cloudwatch_event_rule.events : rule.arn]
    }
  }
}

resource "aws_sqs_queue_policy" "events" {
  for_each = var.events ? { events = aws_sqs_queue.events[0].id, undelivered = aws_sqs_queue.undelivered[0].id } : {}

  queue_url = each.value
  policy    = data.aws_iam_policy_document.events[0].json
}

output "events_queue_url" {
  value = var.events ? aws_sqs_queue.events[0].url : null
}
