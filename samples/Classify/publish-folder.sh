#!/usr/bin/env bash
# Publishes one folder that runs on any x86-64 processor at its best: the command, and the shared library three times.
#
#     publish-folder.sh FOLDER
#
#     FOLDER/classify                                    the command: 16 KB over the library
#     FOLDER/cnn.h                                       the library's functions
#     FOLDER/libclassify.so                              for any processor
#     FOLDER/glibc-hwcaps/x86-64-v3/libclassify.so       with AVX2 and FMA
#     FOLDER/glibc-hwcaps/x86-64-v4/libclassify.so       with AVX-512
#
# The dynamic loader itself takes the best one (glibc 2.33 or later; an older one takes the first). Needs gcc and libc6-dev, as any NativeAOT program does.
set -euo pipefail

if [ $# -ne 1 ]; then
    echo "usage: $0 FOLDER" >&2
    exit 2
fi
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
folder=$(cd "$1" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# "base" is what every x86-64 has; the other two are the levels that the loader's folders are named after.
for level in base v3 v4; do
    set="x86-x64-$level"
    place=$folder/glibc-hwcaps/x86-64-$level
    if [ $level = base ]; then
        set=base
        place=$folder
    fi
    dotnet publish -c Release "$here" -p:NativeLib=Shared "-p:IlcInstructionSet=$set" -o "$work/$level" --nologo -v quiet
    mkdir -p "$place"
    cp "$work/$level/libclassify.so" "$place/"
done
cp "$here/Native/cnn.h" "$folder/"
gcc -O2 -o "$folder/classify" "$here/Native/launcher.c" -L"$folder" -lclassify '-Wl,-rpath,$ORIGIN'
