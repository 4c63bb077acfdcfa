/* SPDX-License-Identifier: GPL-3.0-or-later */
/* oom.h - every allocation of a scenario fails, one after the other */
#ifndef T_OOM_H
#define T_OOM_H

#include "base/buf.h"

/*
 * Does something, and frees all of it.  0, with what came of it added to the
 * buffer; or -1: what was tried said that it is out of memory.  Allocations
 * count and fail until oom_pause() is called, and after oom_resume(); the pause
 * is for what is the test's own.
 */
typedef int oom_scenario(struct buf *result);

void oom_pause(void);
void oom_resume(void);

/*
 * Pauses, and ends a scenario: adds what it told to the result and frees it;
 * -1 if rc is not 0, or if the buffer says that it is not all.
 */
int oom_end(int rc, struct buf *told, struct buf *result);

/*
 * Runs a scenario once, then with its first, second ... allocation failing,
 * until none fails any more; and the same with all that follow failing, too.
 * The test fails if a run returns 0 with another result than the first one
 * had; if it returns -1 though nothing failed; if it leaves memory behind; or
 * if there was nothing to fail.  Each row is told by its name.
 *
 * What fails is malloc, calloc, realloc, strdup, strndup, opendir, fdopendir,
 * realpath, and pthread_create, of the program but not of shared libraries;
 * the linker has to be told (--wrap), see Makefile.am.  Jansson's is the
 * program's.
 */
struct oom_row {
	const char *name;
	oom_scenario *run;
};

void oom_try(const struct oom_row *, size_t n);

#endif
