/* Runs commands in turn and prints, for each, wall time from before fork until the process is gone, its largest resident set, and processor time.
 *
 *     measure ROUNDS OUTPUT-FOLDER -- COMMAND ARG... -- COMMAND ARG... ...
 *
 * One line a command: median and least milliseconds, most KiB resident, median processor milliseconds. What a command wrote in its last run is in
 * OUTPUT-FOLDER/0, 1, ... This process is small itself, since the kernel counts what a child shares before exec as the child's. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MOST_COMMANDS = 16 };

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

static double milliseconds(struct timeval t)
{
    return t.tv_sec * 1e3 + t.tv_usec / 1e3;
}

int main(int argc, char **argv)
{
    char **commands[MOST_COMMANDS];
    int count = 0, rounds = argc > 3 ? atoi(argv[1]) : 0;
    for (int i = 3; i < argc; i++) {
        if (strcmp(argv[i], "--") == 0) {
            argv[i] = NULL;
            if (count == MOST_COMMANDS)
                return fprintf(stderr, "measure: too many commands\n"), 2;
            commands[count++] = argv + i + 1;
        }
    }
    if (rounds < 1 || count == 0)
        return fprintf(stderr, "usage: measure ROUNDS OUTPUT-FOLDER -- COMMAND ARG... -- COMMAND ARG... ...\n"), 2;

    double *wall = malloc(sizeof(double) * rounds * count), *cpu = malloc(sizeof(double) * rounds * count);
    long resident[MOST_COMMANDS] = {0};
    for (int round = 0; round < rounds; round++) {
        for (int turn = 0; turn < count; turn++) {
            int c = (turn + round) % count, status;
            char path[4096];
            snprintf(path, sizeof path, "%s/%d", argv[2], c);
            double start = now();
            pid_t child = fork();
            if (child == 0) {
                int out = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
                dup2(out, 1);
                execv(commands[c][0], commands[c]);
                _exit(127);
            }
            struct rusage usage;
            if (child < 0 || wait4(child, &status, 0, &usage) != child || status != 0)
                return fprintf(stderr, "measure: %s failed\n", commands[c][0]), 1;
            wall[c * rounds + round] = now() - start;
            cpu[c * rounds + round] = milliseconds(usage.ru_utime) + milliseconds(usage.ru_stime);
            if (usage.ru_maxrss > resident[c])
                resident[c] = usage.ru_maxrss;
        }
    }
    for (int c = 0; c < count; c++) {
        qsort(wall + c * rounds, rounds, sizeof(double), ascending);
        qsort(cpu + c * rounds, rounds, sizeof(double), ascending);
        printf("%.3f %.3f %ld %.3f\n", wall[c * rounds + rounds / 2], wall[c * rounds], resident[c], cpu[c * rounds + rounds / 2]);
    }
    return 0;
}
