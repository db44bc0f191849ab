#!/bin/sh
# Run once by the database container when its data folder is new.
set -eu
psql --username postgres --set ON_ERROR_STOP=1 \
  --set owner="$OWNER_PASSWORD" --set app="$APP_PASSWORD" --set reader="$READER_PASSWORD" \
  --file /opt/roles.sql
