/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * thread.c - helpers of a program that may have little memory
 *
 * No function here needs much of the stack; getaddrinfo(3) needs the most.
 */
#include "base/thread.h"

#define THREAD_STACK (512 << 10)

int
thread_start(pthread_t *thread, void *(*work)(void *), void *arg)
{
	pthread_attr_t attr;
	int error;

	if (pthread_attr_init(&attr) != 0)
		return -1;
	error = pthread_attr_setstacksize(&attr, THREAD_STACK);
	if (error == 0)
		error = pthread_create(thread, &attr, work, arg);
	(void)pthread_attr_destroy(&attr);
	return error == 0 ? 0 : -1;
}
