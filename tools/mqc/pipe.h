/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pipe.h - a descriptor that is read to its end, without waiting */
#ifndef TOOLS_MQC_PIPE_H
#define TOOLS_MQC_PIPE_H

#include <stddef.h>

#include <event2/event.h>

#include "base/buf.h"

struct mqc_pipe {
	int fd; /* -1: closed */
	struct event *event;
	struct buf bytes;
	size_t max; /* what comes after is dropped */
};

#define MQC_PIPE_INIT                 \
	{                             \
		-1, NULL, BUF_INIT, 0 \
	}

/*
 * Takes over the descriptor.  on(fd, what, arg) is called whenever something
 * can be read.  0, or -1: out of memory.
 */
int mqc_pipe_open(struct mqc_pipe *, struct event_base *, int fd, size_t max,
    event_callback_fn on, void *arg);

/* Reads once.  1: more may come; 0: the end; -1 with errno. */
int mqc_pipe_read(struct mqc_pipe *);

/* Closes the descriptor.  The bytes that were read stay. */
void mqc_pipe_close(struct mqc_pipe *);

#endif
