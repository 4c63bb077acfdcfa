/* SPDX-License-Identifier: GPL-3.0-or-later */
/* thread.h - helpers of a program that may have little memory */
#ifndef BASE_THREAD_H
#define BASE_THREAD_H

#include <pthread.h>

/*
 * pthread_create(3) with a small stack: the usual 8 MB count in full where
 * RLIMIT_AS is set, and a helper must not take what its caller needs.  0, or
 * -1 if there is no thread; the caller then does the work itself.
 */
int thread_start(pthread_t *, void *(*work)(void *), void *arg);

#endif
