# The same with Terraform, where the network, the cluster, the roles and the task definition are there already. What Switchyard and ECS
# move while they deploy is left to them by ignore_changes: without it the next apply would turn a release round.

terraform {
  required_version = ">= 1.5"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.60"
    }
  }
}

variable "name" {
  type    = string
  default = "library"
}

variable "cluster" {
  type    = string
  default = "library-management-cluster"
}

variable "task_definition" {
  type        = string
  default     = "library-management-task"
  description = "Family; the newest revision starts the services the first time."
}

variable "vpc_id" {
  type = string
}

variable "public_subnets" {
  type = list(string)
}

variable "private_subnets" {
  type = list(string)
}

variable "load_balancer_security_group" {
  type = string
}

variable "task_security_group" {
  type = string
}

variable "container_port" {
  type    = number
  default = 8081
}

locals {
  colors = toset(["blue", "green"])
}

resource "aws_lb" "this" {
  name            = "${var.name}-alb"
  subnets         = var.public_subnets
  security_groups = [var.load_balancer_security_group]

  drop_invalid_header_fields = true
}

resource "aws_lb_target_group" "side" {
  for_each = local.colors

  name                 = "${var.name}-${each.key}-tg"
  vpc_id               = var.vpc_id
  target_type          = "ip"
  protocol             = "HTTP"
  port                 = var.container_port
  deregistration_delay = 30

  health_check {
    path                = "/actuator/health"
    interval            = 10
    timeout             = 5
    healthy_threshold   = 2
    unhealthy_threshold = 2
  }
}

resource "aws_lb_listener" "production" {
  load_balancer_arn = aws_lb.this.arn
  protocol          = "HTTP"
  port              = 80

  default_action {
    type = "forward"

    forward {
      target_group {
        arn    = aws_lb_target_group.side["blue"].arn
        weight = 100
      }
      target_group {
        arn    = aws_lb_target_group.side["green"].arn
        weight = 0
      }
    }
  }

  lifecycle {
    # Weights are moved by whoever deploys.
    ignore_changes = [default_action]
  }
}

resource "aws_ecs_service" "side" {
  for_each = local.colors

  name                              = "${var.name}-${each.key}-service"
  cluster                           = var.cluster
  task_definition                   = var.task_definition
  desired_count                     = 1
  launch_type                       = "FARGATE"
  health_check_grace_period_seconds = 60

  network_configuration {
    subnets         = var.private_subnets
    security_groups = [var.task_security_group]
  }

  load_balancer {
    target_group_arn = aws_lb_target_group.side[each.key].arn
    container_name   = var.name
    container_port   = var.container_port
  }

  # A group takes tasks once a listener leads to it.
  depends_on = [aws_lb_listener.production]

  lifecycle {
    # Revisions and counts of a side are Switchyard's.
    ignore_changes = [task_definition, desired_count]
  }
}
