# PyTorch at its best: sourced by the scripts that measure it. Sets python, and peer: the command's beginning. Ends the script where PyTorch is missing, or set up badly.
python=${PYTHON:-/usr/bin/python3}
if ! "$python" -c 'import torch' 2> /dev/null; then
    echo "$python has no torch: apt-get install python3-torch" >&2
    exit 1
fi

# OpenBLAS's own threads fight with PyTorch's OpenMP threads: many times slower on several threads. So PyTorch must have the OpenMP build of it.
blas=$(ldconfig -p | awk '/libblas\.so\.3 .*x86-64/ { print $NF; exit }')
case $(readlink -f "$blas") in
    *openblas-openmp*) ;;
    *)
        echo "$blas is not OpenBLAS's OpenMP build, without which PyTorch is slower than it need be: apt-get install libopenblas0-openmp, then" >&2
        echo "update-alternatives --config libblas.so.3-x86_64-linux-gnu (and liblapack.so.3-..., libopenblas.so.0-...)" >&2
        exit 1
        ;;
esac

peer=(env PYTHONWARNINGS=ignore
    MALLOC_MMAP_THRESHOLD_=1073741824 MALLOC_TRIM_THRESHOLD_=4294967296 MALLOC_TOP_PAD_=67108864) # activations stay mapped from step to step
if grep -qw avx512f /proc/cpuinfo; then
    peer+=(OPENBLAS_CORETYPE=SkylakeX) # OpenBLAS 0.3.21 does not know newer processors, and takes AVX2 there
fi
