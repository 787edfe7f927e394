#!/usr/bin/env bash
# One image from start to exit: samples/Classify, published, beside ONNX Runtime's C interface and PyTorch, in turn, in one run.
#
#     classify-once.sh DIR [ROUNDS]
#
# DIR is a folder in which `npm install --ignore-scripts onnxruntime-node@1.30.0` was run. Prints a markdown table: median and least wall time of a whole
# process over ROUNDS (100) runs, its largest resident set, and what has to be shipped. PyTorch takes part in the first tenth of the rounds only.
#
# Debian 12: apt-get install gcc libc6-dev python3-torch; PYTHON names another python3 than /usr/bin/python3. PUBLISH adds options to dotnet publish.
set -euo pipefail

if [ $# -lt 1 ] || [ $# -gt 2 ]; then
    echo "usage: $0 DIR [ROUNDS]" >&2
    exit 2
fi
peers=$(cd "$1" && pwd)
rounds=${2:-100}
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
python=${PYTHON:-/usr/bin/python3}
library=$(find "$peers/node_modules/onnxruntime-node" -path '*linux/x64/libonnxruntime.so*' | head -1)
if [ -z "$library" ]; then
    echo "$peers has no node_modules/onnxruntime-node for Linux: npm install --ignore-scripts onnxruntime-node@1.30.0" >&2
    exit 1
fi
image=$root/samples/Classify/digits/digit-7-07.pgm
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# shellcheck disable=SC2086
dotnet publish -c Release "$root/samples/Classify" -o "$work/published" --nologo -v quiet ${PUBLISH:-} >&2
dotnet build -c Release "$root/samples/Classify" --nologo -v quiet >&2
gcc -O2 -o "$work/measure" "$here/oneshot/measure.c"
gcc -O2 -o "$work/classify_onnx" "$here/oneshot/classify_onnx.c" -ldl -lm
"$python" -W ignore "$here/oneshot/classify_torch.py" --make "$root/samples/Classify/lenet5.safetensors" "$work/lenet5.pt" "$work/lenet5.onnx"

mkdir "$work/quick" "$work/slow"
ours=("$work/published/classify" "$image")
onnx=("$work/classify_onnx" "$library" "$work/lenet5.onnx" "$image")
"$work/measure" "$rounds" "$work/quick" -- "${ours[@]}" -- "${onnx[@]}" 99 -- "${onnx[@]}" 0 -- "$(type -P true)" > "$work/times"
"$work/measure" $((rounds / 10 + 1)) "$work/slow" -- "$python" -W ignore "$here/oneshot/classify_torch.py" "$work/lenet5.pt" "$image" \
    -- "$(type -P dotnet)" "$root/samples/Classify/bin/Release/net10.0/classify.dll" "$image" >> "$work/times"

# The same classes and probabilities, or the comparison means nothing.
for answer in "$work/quick/0" "$work/quick/1" "$work/quick/2" "$work/slow/0"; do
    sed -E 's/^.*: +([0-9]) ([0-9.]+) %.*$/\1 \2/' "$answer"
done | sort -u > "$work/answers"
if [ "$(wc -l < "$work/answers")" -ne 1 ]; then
    echo "the programs disagree on $image:" >&2
    cat "$work/answers" >&2
    exit 1
fi
"${ours[@]}" --json --top 10 > "$work/native.json"
dotnet "$root/samples/Classify/bin/Release/net10.0/classify.dll" "$image" --json --top 10 > "$work/jit.json"
cmp "$work/native.json" "$work/jit.json"

# Debian's torch has links that lead nowhere, at which du complains.
kilobytes() { { du -cbL "$@" 2> /dev/null || true; } | tail -1 | awk '{ print int($1 / 1000) }'; }
weights=$(kilobytes "$root/samples/Classify/lenet5.safetensors")
{
    kilobytes "$work/published/classify"
    kilobytes "$library" "$work/classify_onnx" "$work/lenet5.onnx"
    kilobytes "$library" "$work/classify_onnx" "$work/lenet5.onnx"
    echo 0
    kilobytes "$("$python" -c 'import os, torch; print(os.path.dirname(torch.__file__))')"
    kilobytes "$root"/samples/Classify/bin/Release/net10.0/*.dll
} > "$work/sizes"
paste -d ' ' "$work/times" "$work/sizes" | awk -v weights="$weights" '
    BEGIN {
        split("samples/Classify, published|ONNX Runtime, C, all optimisations|ONNX Runtime, C, no optimisation|an empty process (true)|PyTorch, TorchScript|samples/Classify under the JIT", names, "|")
        print "| program | ms, median | least | times ours | resident, MB | times ours | processor, ms | shipped, MB |"
        print "|---|--:|--:|--:|--:|--:|--:|--:|"
    }
    NR == 1 { wall = $1; memory = $3 }
    { printf "| %s | %.2f | %.2f | %.1f | %.1f | %.1f | %.1f | %.2f |\n", names[NR], $1, $2, $1 / wall, $3 * 1.024e-3, $3 / memory, $4, $5 / 1000 }
    END { printf "\nOf the published program %.2f MB are weights. All answers agree; the published program'"'"'s and the JIT'"'"'s are equal to the last bit.\n", weights / 1000 }'
