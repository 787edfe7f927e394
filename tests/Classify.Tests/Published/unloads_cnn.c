/* Loads the library, starts its worker threads, closes it, and uses it again: what a host with plug-ins does.
 *
 *     unloads_cnn LIBRARY
 *
 * Prints "all is well". */
#define _GNU_SOURCE
#include "cnn.h"

#include <dlfcn.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CHECK(condition) \
    do { \
        if (!(condition)) { \
            printf("line %d: %s is not so\n", __LINE__, #condition); \
            exit(1); \
        } \
    } while (0)

enum { CLASSES = 10, IMAGES = 64, PIXELS = 28 * 28 };

static uint8_t pixels[IMAGES * PIXELS];
static float first[IMAGES * CLASSES], again[IMAGES * CLASSES];

static void predict(void *library, float *scores)
{
    int (*open)(const char *, cnn_model **) = (int (*)(const char *, cnn_model **))dlsym(library, "cnn_open");
    int (*predict)(cnn_model *, const uint8_t *, int, float *) = (int (*)(cnn_model *, const uint8_t *, int, float *))dlsym(library, "cnn_predict_pixels");
    int (*threads)(int) = (int (*)(int))dlsym(library, "cnn_set_threads");
    cnn_model *model;
    CHECK(open != NULL && predict != NULL && threads != NULL);
    CHECK(threads(4) == CNN_OK && open(NULL, &model) == CNN_OK && predict(model, pixels, IMAGES, scores) == CNN_OK);
}

static void ignore(int number) { (void)number; }

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    for (int i = 0; i < IMAGES * PIXELS; i++)
        pixels[i] = (uint8_t)(i * 31 % 256);
    signal(SIGUSR1, ignore);
    for (int round = 0; round < 5; round++) {
        void *library = dlopen(argv[1], RTLD_NOW);
        CHECK(library != NULL);
        predict(library, round == 0 ? first : again);
        CHECK(round == 0 || memcmp(first, again, sizeof first) == 0);

        /* At once, while workers still look for work, then while they sleep; signals may be handled by any thread. */
        CHECK(dlclose(library) == 0);
        CHECK(kill(getpid(), SIGUSR1) == 0);
        usleep(round % 2 == 0 ? 0 : 30000);
        CHECK(dlopen(argv[1], RTLD_NOW | RTLD_NOLOAD) != NULL);
    }

    printf("all is well\n");
    return 0;
}
