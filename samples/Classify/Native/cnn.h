/* LeNet-5 on images, as a shared library: libclassify.so.
 *
 * Every function that can fail returns CNN_OK (0) or the code of what went wrong; cnn_last_error then has the words. No function throws, exits or prints.
 *
 * Threads: different models may be used by different threads at once. One model is for one thread at a time: give each thread a cnn_share of it, which
 * reads the same weights and has working memory of its own; a call that finds its model in another thread's call fails with CNN_ERROR_IN_USE. cnn_last_error
 * is of the calling thread. The library stays loaded until the process ends: dlclose does nothing.
 */
#ifndef CNN_H
#define CNN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
    CNN_OK = 0,
    CNN_ERROR_ARGUMENT = 1, /* a pointer is null, a number out of range, or a model closed */
    CNN_ERROR_WEIGHTS = 2,  /* the weights can't be read, are damaged, or are another network's */
    CNN_ERROR_IMAGE = 3,    /* the image is damaged, or of no known format */
    CNN_ERROR_FAILED = 4,   /* anything else, such as memory that is used up */
    CNN_ERROR_IN_USE = 5    /* another thread is in a call with the same model */
};

typedef struct cnn_model cnn_model;

/* What a model takes and gives: images of channels x height x width, and so many scores an image. Any pointer may be null. */
int cnn_shape(int *channels, int *height, int *width, int *scores);

/* Makes a model. weights: a safetensors file's path in UTF-8, or null for the library's own weights. model: receives it; cnn_close frees it. */
int cnn_open(const char *weights, cnn_model **model);

/* Another model over the weights of one, for another thread. Each is closed by itself, in any order. */
int cnn_share(cnn_model *model, cnn_model **shared);

/* Frees a model, which is gone then: using it or closing it again is CNN_ERROR_ARGUMENT, also when other models have been made since. A null model is nothing to free. */
int cnn_close(cnn_model *model);

/* Predicts. images: count x channels x height x width floats, normalised as the training data was. scores: receives count x scores floats. count: 0 or more. */
int cnn_predict(cnn_model *model, const float *images, int count, float *scores);

/* Predicts from bytes as image decoders give them. pixels: count x height x width x channels bytes, which the library normalises. */
int cnn_predict_pixels(cnn_model *model, const uint8_t *pixels, int count, float *scores);

/* Predicts from the bytes of one image file (JPEG, PNG, BMP, GIF, PBM, PGM or PPM), of any size, as the command does. */
int cnn_predict_image(cnn_model *model, const void *file, size_t length, float *scores);

/* What went wrong in this thread's last call that failed: UTF-8, good until this thread's next call that fails; "" where none did. */
const char *cnn_last_error(void);

/* The instructions that this library was built for: "avx512", "avx2" or "scalar". */
const char *cnn_instruction_set(void);

/* The threads that one prediction may use, 1 to 1024; 1 to begin with. */
int cnn_set_threads(int count);

/* The command as a function: main without its process. Returns the exit code. */
int cnn_main(int argc, char **argv);

#ifdef __cplusplus
}
#endif

#endif
