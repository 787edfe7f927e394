#!/usr/bin/env bash
# Seconds that a training epoch of samples/Cifar takes: this project's sample beside PyTorch with the same network, batch, optimisers and augmentation, in turn, in one run, on all threads.
#
#     cifar-epoch.sh DIR [NETWORK] [IMAGES] [ROUNDS]
#
# DIR holds CIFAR-10's six binary files. NETWORK is large or small (large); an epoch has IMAGES of the 50,000 images (10,000), to have a figure in minutes. Prints a markdown table of
# medians over ROUNDS (2) runs of two epochs.
#
# Debian 12: apt-get install python3-torch libopenblas0-openmp
# PYTHON names another python3 than /usr/bin/python3, THREADS another number than that of the processors.
set -euo pipefail

if [ $# -lt 1 ] || [ $# -gt 4 ]; then
    echo "usage: $0 DIR [NETWORK] [IMAGES] [ROUNDS]" >&2
    exit 2
fi
data=$(cd "$1" && pwd)
network=${2:-large}
images=${3:-10000}
rounds=${4:-2}
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
threads=${THREADS:-$(nproc)}
. "$here/torch-environment.sh"

dotnet build -c Release --nologo -v quiet "$root/samples/Cifar" >&2
times=$(mktemp -d)
trap 'rm -rf "$times"' EXIT

# A line for each epoch: who, images a second.
run_ours() {
    dotnet "$root/samples/Cifar/bin/Release/net10.0/Cifar.dll" --data "$data" --network "$network" --epochs 2 --images "$images" --threads "$threads" |
        sed -nE 's/^epoch .* [0-9.]+ s  ([0-9.]+) images\/s .*$/ours \1/p' >> "$times/epochs"
}

run_peer() {
    "${peer[@]}" OMP_NUM_THREADS="$threads" OPENBLAS_NUM_THREADS="$threads" \
        "$python" "$here/train_cifar.py" "$data" --network "$network" --epochs 2 --images "$images" --threads "$threads" --layout "$1" |
        sed -nE "s/^epoch .* ([0-9.]+) images\/s .*$/$1 \1/p" >> "$times/epochs"
}

for ((round = 1; round <= rounds; round++)); do
    echo "round $round of $rounds, threads: $threads" >&2
    run_ours
    run_peer channels_last
    run_peer nchw
done

"$python" - "$times/epochs" "$network" "$threads" "$images" << 'END'
import collections, statistics, sys

path, network, threads, images = sys.argv[1:]
speeds = collections.defaultdict(list)
with open(path) as file:
    for line in file:
        side, speed = line.split()
        speeds[side].append(float(speed))
ours, *peers = (int(images) / statistics.median(speeds[side]) for side in ("ours", "channels_last", "nchw"))
print("| network | threads | images | CnnGen, s | PyTorch channels_last, s | PyTorch nchw, s | PyTorch (faster) / CnnGen |")
print("|---|--:|--:|--:|--:|--:|--:|")
print(f"| {network} | {threads} | {images} | {ours:.1f} | {peers[0]:.1f} | {peers[1]:.1f} | {min(peers) / ours:.2f} |")
END
