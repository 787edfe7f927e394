#!/usr/bin/env bash
# Seconds that one training epoch of LeNet-5 on MNIST takes: this project's sample beside PyTorch, in turn, in one run, on one thread and on all.
#
#     mnist-epoch.sh DIR [EPOCHS] [ROUNDS]
#
# DIR holds the four MNIST IDX files, plain or .gz. Prints a markdown table of medians over ROUNDS (3) runs of EPOCHS (5) epochs.
#
# Debian 12: apt-get install python3-torch libopenblas0-openmp
# PYTHON names another python3 than /usr/bin/python3, THREADS another number than that of the processors for the second row.
set -euo pipefail

if [ $# -lt 1 ] || [ $# -gt 3 ]; then
    echo "usage: $0 DIR [EPOCHS] [ROUNDS]" >&2
    exit 2
fi
data=$(cd "$1" && pwd)
epochs=${2:-5}
rounds=${3:-3}
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
all=${THREADS:-$(nproc)}

. "$here/torch-environment.sh"

dotnet build -c Release --nologo -v quiet "$root/samples/Mnist" >&2
times=$(mktemp -d)
trap 'rm -rf "$times"' EXIT

run_ours() {
    dotnet "$root/samples/Mnist/bin/Release/net10.0/Mnist.dll" --data "$data" --epochs "$epochs" --threads "$1" --out "$times/lenet5.safetensors" |
        tee "$times/ours.log" |
        sed -nE "s/^epoch .* ([0-9.]+) s( .*)?$/ours $1 \1/p" >> "$times/seconds"
    sed -nE "s/^test accuracy ([0-9.]+)$/ours $1 \1/p" "$times/ours.log" >> "$times/accuracy"
}

run_peer() {
    "${peer[@]}" OMP_NUM_THREADS="$1" OPENBLAS_NUM_THREADS="$1" \
        "$python" "$here/train_lenet.py" "$data" --epochs "$epochs" --threads "$1" --layout "$2" > "$times/peer.json"
    "$python" - "$2" "$1" "$times" << 'END'
import json, sys
layout, threads, times = sys.argv[1:]
with open(times + "/peer.json") as file:
    result = json.load(file)
with open(times + "/seconds", "a") as file:
    file.writelines(f"{layout} {threads} {s}\n" for s in result["epochs_s"])
with open(times + "/accuracy", "a") as file:
    file.write(f"{layout} {threads} {result['accuracy']}\n")
END
}

if [ "$all" -gt 1 ]; then counts=(1 "$all"); else counts=(1); fi
for ((round = 1; round <= rounds; round++)); do
    for threads in "${counts[@]}"; do
        echo "round $round of $rounds, threads: $threads" >&2
        run_ours "$threads"
        run_peer "$threads" channels_last
        run_peer "$threads" nchw
    done
done

"$python" - "$times" "${counts[@]}" << 'END'
import collections, statistics, sys

def medians(path):
    values = collections.defaultdict(list)
    with open(path) as file:
        for line in file:
            side, threads, value = line.split()
            values[side, threads].append(float(value))
    return {key: statistics.median(list) for key, list in values.items()}

times = sys.argv[1]
seconds, accuracy = medians(times + "/seconds"), medians(times + "/accuracy")
print("| threads | CnnGen, s | PyTorch channels_last, s | PyTorch nchw, s | PyTorch (faster) / CnnGen | accuracy CnnGen | accuracy PyTorch |")
print("|--:|--:|--:|--:|--:|--:|--:|")
for threads in sys.argv[2:]:
    ours, *peers = (seconds[side, threads] for side in ("ours", "channels_last", "nchw"))
    print(f"| {threads} | {ours:.3f} | {peers[0]:.3f} | {peers[1]:.3f} | {min(peers) / ours:.2f} "
          f"| {accuracy['ours', threads]:.4f} | {accuracy['channels_last', threads]:.4f} |")
END
