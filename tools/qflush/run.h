/* SPDX-License-Identifier: GPL-3.0-or-later */
/* run.h - what qflush was asked for, step by step */
#ifndef TOOLS_QFLUSH_RUN_H
#define TOOLS_QFLUSH_RUN_H

#include <signal.h>
#include <stdbool.h>

#include "base/buf.h"
#include "base/when.h"
#include "tools/qflush/config.h"

/* Exit status. */
enum { QFLUSH_ALL, QFLUSH_PARTLY, QFLUSH_FAILED };

struct qflush_env {
	const struct when_clock *clock;
	const volatile sig_atomic_t *stop; /* set by a signal */
	int screen;                        /* or -1 */
	bool keep; /* what the server needs kept, see struct mta_session */
};

/*
 * Shows what would be done, or does it, in the queues of the configuration.
 * Adds the answer to *out and, if it can't be done, one line to *why.  Returns
 * the exit status.
 */
int qflush_run(const struct qflush_config *, const struct qflush_env *,
    struct buf *out, struct buf *why);

#endif
