#!/bin/sh
# Run once by the postgres image, when its volume is empty: the two roles that the runbook describes, and the database.
set -eu
psql -v ON_ERROR_STOP=1 -U "$POSTGRES_USER" -d postgres \
  -v owner_password="$DATABASE_MIGRATION_PASSWORD" -v app_password="$DATABASE_PASSWORD" <<'SQL'
create role switchyard_owner login password :'owner_password';
create role switchyard_app login password :'app_password';
create database switchyard owner switchyard_owner;
SQL
