/* The command over the shared library. The dynamic loader finds libclassify.so beside this program, and before it those in glibc-hwcaps/ that the
 * processor can run: nothing here asks what the processor is. */
#include "cnn.h"

int main(int argc, char **argv)
{
    return cnn_main(argc, argv);
}
