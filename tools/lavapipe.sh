#!/usr/bin/env bash
# Runs tests of the GPU kernels on Mesa's software GPU (lavapipe), which has what Chromium's lacks: float16 in shaders,
# and a second compiler's opinion. Debian 13 brings the version it takes, so the tests run in a Debian 13 of their own
# under DIR, made once by debootstrap. Needs root and a Debian mirror; nothing outside DIR is changed.
#
#   tools/lavapipe.sh [vitest's arguments; src/wgsl by default]
#   DIR=/var/tmp/debian13 DEBIAN_MIRROR=http://deb.debian.org/debian tools/lavapipe.sh src/wgsl/compile.test.ts
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

dir="${DIR:-${TMPDIR:-/tmp}/airlock-debian13}"
[ "$(id -u)" -eq 0 ] || { echo 'tools/lavapipe.sh needs root, for debootstrap and chroot.' >&2; exit 1; }
command -v debootstrap >/dev/null || { apt-get update -qq; apt-get install -y -qq --no-install-recommends debootstrap; }
[ -d node_modules/webgpu ] || { echo 'Run npm ci first.' >&2; exit 1; }

if [ ! -e "$dir/usr/share/vulkan/icd.d/lvp_icd.json" ]; then
  mirror="${DEBIAN_MIRROR:-$(sed -n 's/^URIs: *//p' /etc/apt/sources.list.d/*.sources 2>/dev/null | head -1)}"
  debootstrap --variant=minbase --include=mesa-vulkan-drivers,libvulkan1,nodejs trixie "$dir" \
    "${mirror:-http://deb.debian.org/debian}"
fi

rm -rf "$dir/airlock"
mkdir -p "$dir/airlock"
git ls-files -z --cached --others --exclude-standard src fixtures tools layers.mjs package.json vitest.config.ts \
  'tsconfig*.json' | xargs -0 cp --parents -t "$dir/airlock"
cp -rH node_modules "$dir/airlock/"
# No certificates are needed in there, and Mesa keeps compiled shaders in HOME.
exec chroot "$dir" /usr/bin/env -i HOME=/root PATH=/usr/bin:/bin AIRLOCK_GPU=lavapipe \
  /bin/bash -c 'cd /airlock && exec node node_modules/vitest/vitest.mjs run "$@"' bash "${@:-src/wgsl}"
