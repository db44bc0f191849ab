#!/bin/sh
# One verified backup in the folder given; those older than KEEP_DAYS are deleted only after it
# has succeeded, so that a failing backup never eats the last good one.
set -eu

folder=${1:?usage: backup.sh FOLDER}
here=$(cd "$(dirname "$0")/.." && pwd)
"$here/.venv/bin/yiwang" backup "$folder/yiwang-$(date +%Y%m%d-%H%M%S).tar.gz" --verify
find "$folder" -maxdepth 1 -name 'yiwang-*.tar.gz' -mtime "+${KEEP_DAYS:-30}" -delete
