/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * pipe.c - a descriptor that is read to its end, without waiting
 *
 * Owns the descriptor, and its bytes until somebody frees them.
 */
#include <errno.h>
#include <unistd.h>

#include "tools/mqc/pipe.h"

#define MQC_PIPE_CHUNK 16384

int
mqc_pipe_open(struct mqc_pipe *p, struct event_base *base, int fd, size_t max,
    event_callback_fn on, void *arg)
{
	p->fd = fd;
	p->max = max;
	p->event = event_new(base, fd, EV_READ | EV_PERSIST, on, arg);
	return p->event != NULL && event_add(p->event, NULL) == 0 ? 0 : -1;
}

int
mqc_pipe_read(struct mqc_pipe *p)
{
	char chunk[MQC_PIPE_CHUNK];
	ssize_t n = read(p->fd, chunk, sizeof(chunk));
	size_t room = p->max - p->bytes.len;

	if (n < 0)
		return errno == EAGAIN || errno == EWOULDBLOCK ||
			errno == EINTR ?
		    1 :
		    -1;
	buf_add(&p->bytes, chunk, (size_t)n < room ? (size_t)n : room);
	return n != 0;
}

void
mqc_pipe_close(struct mqc_pipe *p)
{
	if (p->event != NULL)
		event_free(p->event);
	if (p->fd != -1)
		close(p->fd);
	p->event = NULL;
	p->fd = -1;
}
