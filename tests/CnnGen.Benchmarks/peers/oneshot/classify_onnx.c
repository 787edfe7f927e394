/* Classifies one digit with ONNX Runtime's C interface: the least program that does the work of samples/Classify for one image.
 *
 *     classify_onnx LIBRARY MODEL IMAGE.pgm [LEVEL]
 *
 * LEVEL is that of the graph's optimisation: 99 for all (the default), 0 for none, which may start sooner.
 * IMAGE is a binary PGM of 28 x 28 pixels and 255 levels. Calls go by their places in OrtApi's table, which never change, so that no header is needed. */
#include <dlfcn.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    GET_ERROR_MESSAGE = 2, CREATE_ENVIRONMENT = 3, CREATE_SESSION = 7, RUN = 9, CREATE_SESSION_OPTIONS = 10, SET_GRAPH_OPTIMIZATION_LEVEL = 23,
    SET_INTRA_OP_THREADS = 24, SET_INTER_OP_THREADS = 25, CREATE_TENSOR_WITH_DATA = 49, CREATE_CPU_MEMORY_INFO = 69
};

static void **api;

static void check(void *status)
{
    if (status) {
        fprintf(stderr, "ONNX Runtime: %s\n", ((const char *(*)(void *))api[GET_ERROR_MESSAGE])(status));
        exit(1);
    }
}

int main(int argc, char **argv)
{
    enum { SIZE = 28, CLASSES = 10 };
    if (argc < 4)
        return fprintf(stderr, "usage: classify_onnx LIBRARY MODEL IMAGE.pgm [LEVEL]\n"), 2;
    void *library = dlopen(argv[1], RTLD_NOW);
    if (!library)
        return fprintf(stderr, "%s\n", dlerror()), 1;
    void **base = ((void **(*)(void))dlsym(library, "OrtGetApiBase"))();
    api = ((void **(*)(uint32_t))base[0])(1);

    int width, height, most;
    unsigned char pixels[SIZE * SIZE];
    FILE *file = fopen(argv[3], "rb");
    if (!file || fscanf(file, "P5 %d %d %d", &width, &height, &most) != 3 || width != SIZE || height != SIZE || most != 255 || fgetc(file) < 0
        || fread(pixels, 1, sizeof pixels, file) != sizeof pixels)
        return fprintf(stderr, "%s is no binary PGM of 28 x 28\n", argv[3]), 1;
    fclose(file);
    float image[SIZE * SIZE], scores[CLASSES];
    for (int i = 0; i < SIZE * SIZE; i++)
        image[i] = (pixels[i] / 255.0f - 0.1307f) / 0.3081f;

    void *environment, *options, *session, *info, *input, *output;
    check(((void *(*)(int, const char *, void **))api[CREATE_ENVIRONMENT])(3, "classify", &environment));
    check(((void *(*)(void **))api[CREATE_SESSION_OPTIONS])(&options));
    check(((void *(*)(void *, int))api[SET_GRAPH_OPTIMIZATION_LEVEL])(options, argc > 4 ? atoi(argv[4]) : 99));
    check(((void *(*)(void *, int))api[SET_INTRA_OP_THREADS])(options, 1)); /* more threads only take longer to start */
    check(((void *(*)(void *, int))api[SET_INTER_OP_THREADS])(options, 1));
    check(((void *(*)(void *, const char *, void *, void **))api[CREATE_SESSION])(environment, argv[2], options, &session));
    check(((void *(*)(int, int, void **))api[CREATE_CPU_MEMORY_INFO])(1, 0, &info));
    int64_t input_shape[] = {1, 1, SIZE, SIZE}, output_shape[] = {1, CLASSES};
    void *(*tensor)(void *, void *, size_t, const int64_t *, size_t, int, void **) =
        (void *(*)(void *, void *, size_t, const int64_t *, size_t, int, void **))api[CREATE_TENSOR_WITH_DATA];
    check(tensor(info, image, sizeof image, input_shape, 4, 1, &input));
    check(tensor(info, scores, sizeof scores, output_shape, 2, 1, &output));
    const char *input_name = "images", *output_name = "scores";
    void *inputs[] = {input}, *outputs[] = {output};
    check(((void *(*)(void *, void *, const char **, void **, size_t, const char **, size_t, void **))api[RUN])(
        session, NULL, &input_name, inputs, 1, &output_name, 1, outputs));

    int best = 0;
    double sum = 0;
    for (int i = 1; i < CLASSES; i++)
        best = scores[i] > scores[best] ? i : best;
    for (int i = 0; i < CLASSES; i++)
        sum += exp(scores[i] - scores[best]);
    printf("%s: %d %.2f %%\n", argv[3], best, 100 / sum);
    fflush(stdout);
    _Exit(0); /* taking the session apart is no part of the work */
}
