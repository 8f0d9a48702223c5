#!/bin/sh
# From a bare Debian or Ubuntu host to Beseda with certificates and a relay:
#
#   sudo sh deploy/install.sh chat.example.org
#
# What stands behind the domain goes to `npx pnpm run setup`; without a domain it asks.
# Run again, it builds and starts what is there now and leaves .env alone.
set -eu
cd "$(dirname "$0")/.."

if [ "$(id -u)" -ne 0 ]; then
  echo "Run it as root: sudo sh deploy/install.sh chat.example.org" >&2
  exit 1
fi

# Docker with Compose 2: the distribution's where it has that, else Docker's own packages.
if ! docker compose version >/dev/null 2>&1; then
  . "${OS_RELEASE:-/etc/os-release}"
  apt-get update
  case "$ID-${VERSION_ID:-}" in
    debian-1[3-9]*) packages='docker.io docker-cli docker-compose docker-buildx' ;;
    ubuntu-2[4-9]*) packages='docker.io docker-compose-v2 docker-buildx' ;;
    debian-* | ubuntu-*)
      packages='docker-ce docker-ce-cli containerd.io docker-buildx-plugin docker-compose-plugin'
      apt-get install -y ca-certificates curl
      install -d -m 755 /etc/apt/keyrings
      curl -fsSL "https://download.docker.com/linux/$ID/gpg" -o /etc/apt/keyrings/docker.asc
      echo "deb [arch=$(dpkg --print-architecture) signed-by=/etc/apt/keyrings/docker.asc]" \
        "https://download.docker.com/linux/$ID $VERSION_CODENAME stable" \
        >/etc/apt/sources.list.d/docker.list
      apt-get update
      ;;
    *)
      echo "This is neither Debian nor Ubuntu: install Docker with Compose 2 and run this again." >&2
      exit 1
      ;;
  esac
  # shellcheck disable=SC2086 # several packages
  apt-get install -y --no-install-recommends $packages
fi

if [ ! -e .env ]; then
  docker build --target beseda --tag beseda:local .
  run='docker run --rm --network host --user 0:0 --volume .:/host'
  setup='beseda:local node launcher/src/setup/main.ts --file /host/.env'
  case "${1:-}" in
    '' | -*) $run --interactive --tty $setup "$@" ;;
    *)
      domain=$1
      shift
      $run $setup --yes --domain "$domain" "$@"
      ;;
  esac
fi

docker compose up --detach --build --wait --wait-timeout 600
echo "Beseda is ready: $(sed -n 's/^PUBLIC_URL=//p' .env)"
link=$(docker compose exec -T server node launcher/src/hosting/owner-link.ts)
if [ -n "$link" ]; then
  echo "Whoever opens this link first owns the server: $link"
fi
