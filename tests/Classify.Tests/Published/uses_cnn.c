/* Uses every function of cnn.h as a program would, and checks what they say.
 *
 *     uses_cnn WEIGHTS.safetensors DIGIT...
 *
 * The sixth letter after the last '/' of a digit's name is its class: digit-7-07.pgm. Prints the instruction set, then "all is well". */
#include "cnn.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(condition) \
    do { \
        if (!(condition)) { \
            printf("line %d: %s is not so; the last error is \"%s\"\n", __LINE__, #condition, cnn_last_error()); \
            exit(1); \
        } \
    } while (0)

enum { CLASSES = 10, PIXELS = 28 * 28, THREADS = 4, ROUNDS = 200 };

static char *read_all(const char *path, size_t *length)
{
    FILE *file = fopen(path, "rb");
    CHECK(file != NULL);
    char *content = malloc(1 << 20);
    *length = fread(content, 1, 1 << 20, file);
    fclose(file);
    return content;
}

static int best(const float *scores)
{
    int best = 0;
    for (int i = 1; i < CLASSES; i++)
        best = scores[i] > scores[best] ? i : best;
    return best;
}

static uint8_t pixels[3 * PIXELS];
static float expected[3 * CLASSES];

static void *predict_again_and_again(void *model)
{
    float scores[3 * CLASSES];
    CHECK(strcmp(cnn_last_error(), "") == 0); /* an error of another thread's */
    for (int i = 0; i < ROUNDS; i++) {
        memset(scores, 0, sizeof scores);
        CHECK(cnn_predict_pixels(model, pixels, 3, scores) == CNN_OK);
        CHECK(memcmp(scores, expected, sizeof scores) == 0);
    }
    CHECK(cnn_close(model) == CNN_OK);
    return NULL;
}

int main(int argc, char **argv)
{
    CHECK(argc > 2);
    CHECK(strcmp(cnn_last_error(), "") == 0);

    int channels, height, width, count;
    CHECK(cnn_shape(&channels, &height, &width, &count) == CNN_OK && channels == 1 && height == 28 && width == 28 && count == CLASSES);
    CHECK(cnn_shape(NULL, NULL, NULL, NULL) == CNN_OK);

    cnn_model *model, *from_file, *none = (cnn_model *)1;
    CHECK(cnn_open(NULL, &model) == CNN_OK && model != NULL);
    CHECK(cnn_open(argv[1], &from_file) == CNN_OK && from_file != NULL && from_file != model);
    CHECK(cnn_open("no such file", &none) == CNN_ERROR_WEIGHTS && none == NULL && strstr(cnn_last_error(), "no such file") != NULL);
    CHECK(cnn_open(argv[2], &none) == CNN_ERROR_WEIGHTS && none == NULL);
    CHECK(cnn_open(NULL, NULL) == CNN_ERROR_ARGUMENT && strstr(cnn_last_error(), "model is null") != NULL);

    /* Each cnn_open makes a model of its own: closing one leaves the others. */
    cnn_model *second;
    CHECK(cnn_open(NULL, &second) == CNN_OK && second != NULL && second != model);
    CHECK(cnn_close(second) == CNN_OK);

    /* A closed model stays closed, whatever is opened after it. */
    cnn_model *third;
    float unused[CLASSES];
    CHECK(cnn_open(NULL, &third) == CNN_OK && third != second);
    CHECK(cnn_close(second) == CNN_ERROR_ARGUMENT && strstr(cnn_last_error(), "cnn_close: model is closed") != NULL);
    CHECK(cnn_predict_pixels(second, pixels, 1, unused) == CNN_ERROR_ARGUMENT && strstr(cnn_last_error(), "model is closed") != NULL);
    CHECK(cnn_share(second, &none) == CNN_ERROR_ARGUMENT && none == NULL);
    CHECK(cnn_predict_pixels((cnn_model *)&second, pixels, 1, unused) == CNN_ERROR_ARGUMENT);
    CHECK(cnn_predict_pixels(third, pixels, 1, unused) == CNN_OK && cnn_close(third) == CNN_OK && cnn_close(third) == CNN_ERROR_ARGUMENT);

    /* Images of files: both models agree. */
    float scores[CLASSES], other[CLASSES];
    for (int i = 2; i < argc; i++) {
        size_t length;
        char *file = read_all(argv[i], &length);
        const char *name = strrchr(argv[i], '/');
        CHECK(cnn_predict_image(model, file, length, scores) == CNN_OK);
        CHECK(cnn_predict_image(from_file, file, length, other) == CNN_OK);
        CHECK(memcmp(scores, other, sizeof scores) == 0);
        CHECK(name != NULL && best(scores) == name[7] - '0');
        CHECK(cnn_predict_image(model, file, length / 2, scores) == CNN_ERROR_IMAGE && strlen(cnn_last_error()) > 20);
        free(file);
    }

    /* Bytes and floats: the library's normalisation is (value / 255 - mean) / deviation. */
    float images[3 * PIXELS], from_floats[3 * CLASSES];
    for (int i = 0; i < 3 * PIXELS; i++) {
        pixels[i] = (uint8_t)(i * 31 % 256);
        images[i] = pixels[i] * (float)(1 / (255.0 * 0.3081f)) + (float)(-(double)0.1307f / 0.3081f);
    }
    CHECK(cnn_predict_pixels(model, pixels, 3, expected) == CNN_OK);
    CHECK(cnn_predict(model, images, 3, from_floats) == CNN_OK);
    for (int i = 0; i < 3 * CLASSES; i++)
        CHECK(expected[i] - from_floats[i] < 1e-4f && from_floats[i] - expected[i] < 1e-4f);
    CHECK(cnn_predict(model, NULL, 0, NULL) == CNN_OK);
    CHECK(cnn_predict(model, images, -1, scores) == CNN_ERROR_ARGUMENT && strstr(cnn_last_error(), "count is -1") != NULL);
    CHECK(cnn_predict(model, NULL, 1, scores) == CNN_ERROR_ARGUMENT && strstr(cnn_last_error(), "images is null") != NULL);
    CHECK(cnn_predict(model, images, 1, NULL) == CNN_ERROR_ARGUMENT && strstr(cnn_last_error(), "scores is null") != NULL);
    CHECK(cnn_predict(NULL, images, 1, scores) == CNN_ERROR_ARGUMENT && strstr(cnn_last_error(), "model is null") != NULL);
    CHECK(cnn_predict_pixels(model, pixels, 1 << 30, scores) == CNN_ERROR_ARGUMENT && strstr(cnn_last_error(), "count is 1073741824") != NULL);
    CHECK(cnn_predict(model, images, 2147483647, scores) == CNN_ERROR_ARGUMENT && strstr(cnn_last_error(), "from 0 to 2739137") != NULL);
    CHECK(cnn_predict(model, images, 3, images) == CNN_ERROR_ARGUMENT && strstr(cnn_last_error(), "overlap") != NULL);

    /* A model for each thread, over the same weights. */
    CHECK(cnn_set_threads(0) == CNN_ERROR_ARGUMENT && cnn_set_threads(1025) == CNN_ERROR_ARGUMENT && cnn_set_threads(2) == CNN_OK);
    pthread_t threads[THREADS];
    CHECK(cnn_share(model, NULL) == CNN_ERROR_ARGUMENT && cnn_share(NULL, &none) == CNN_ERROR_ARGUMENT);
    for (int i = 0; i < THREADS; i++) {
        cnn_model *shared;
        CHECK(cnn_share(model, &shared) == CNN_OK && shared != NULL && shared != model);
        CHECK(pthread_create(&threads[i], NULL, predict_again_and_again, shared) == 0);
    }
    CHECK(cnn_close(model) == CNN_OK); /* the others keep the weights */
    for (int i = 0; i < THREADS; i++)
        CHECK(pthread_join(threads[i], NULL) == 0);
    CHECK(cnn_close(from_file) == CNN_OK && cnn_close(NULL) == CNN_OK);

    printf("%s\nall is well\n", cnn_instruction_set());
    return 0;
}
