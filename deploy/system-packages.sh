#!/bin/sh
# What the tests need of the system: Chromium (its headless shell) and a Chinese font for it, Java for Spark, ClamAV's
# daemon for uploads. Installed when missing and possible, else named in one line. Nothing else of the system is touched.
set -eu

missing=""
if ! command -v chromium-headless-shell >/dev/null 2>&1 && ! command -v chromium >/dev/null 2>&1; then
  missing="chromium-headless-shell"
fi
if ! command -v fc-list >/dev/null 2>&1 || [ -z "$(fc-list :lang=zh family 2>/dev/null)" ]; then
  missing="$missing fonts-noto-cjk fontconfig"
fi
command -v java >/dev/null 2>&1 || missing="$missing default-jre-headless"
command -v clamd >/dev/null 2>&1 || [ -x /usr/sbin/clamd ] || missing="$missing clamav-daemon"
[ -n "$missing" ] || exit 0

as_root=""
if [ "$(id -u)" -ne 0 ]; then
  if command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then as_root="sudo -n"; fi
fi
if command -v apt-get >/dev/null 2>&1 && { [ "$(id -u)" -eq 0 ] || [ -n "$as_root" ]; }; then
  echo "正在安装系统软件包…… installing system packages: $missing"
  # shellcheck disable=SC2086
  if $as_root apt-get update -qq &&
    $as_root env DEBIAN_FRONTEND=noninteractive \
      apt-get install -y -qq --no-install-recommends $missing >/dev/null; then
    exit 0
  fi
fi
echo "缺少 missing: $missing — 测试需要，请运行 the tests need it, please run: apt-get install $missing" >&2
