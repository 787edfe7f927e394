#!/usr/bin/env bash
# What 100 MB of weights cost: a build without them, with them inside and beside, twice each in turn, and their loading at run time.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0 UseSharedCompilation=false DOTNET_NOLOGO=1
work=$(mktemp -d "${TMPDIR:-/tmp}/cnngen-large.XXXXXX")
trap 'rm -rf "$work"' EXIT
file="$work/large.safetensors"

dotnet build -c Release -v q > /dev/null
dotnet bin/Release/net10.0/Weights.dll save "$file"
echo "$(stat -c %s "$file") bytes of weights"
for round in 1 2; do
  for carry in None Inside Beside; do
    rm -rf obj/Release bin/Release "$work/$carry"
    start=$(date +%s%N)
    dotnet build -c Release -v q --no-dependencies --no-restore -p:Carry=$carry -p:WeightsFile="$file" > "$work/log" || { cat "$work/log"; exit 1; }
    echo "build, $carry: $((($(date +%s%N) - start) / 1000000)) ms"
    mv bin/Release/net10.0 "$work/$carry"
  done
done
for carry in Inside Beside; do
  echo "$carry"
  dotnet "$work/$carry/Weights.dll" "$file"
done
