/* SPDX-License-Identifier: GPL-3.0-or-later */
/* buf.h - growable bytes with a sticky out-of-memory flag */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>

/*
 * A caller adds as often as it likes and looks at oom once, at the end: after
 * a failed allocation every further call does nothing.
 */
struct buf {
	char *data; /* NUL-terminated once something was added */
	size_t len; /* without the NUL */
	size_t size;
	bool oom;
};

#define BUF_INIT                  \
	{                         \
		NULL, 0, 0, false \
	}

void buf_free(struct buf *);

void buf_add(struct buf *, const void *, size_t);
void buf_addc(struct buf *, char);
void buf_adds(struct buf *, const char *);
void buf_addf(struct buf *, const char *, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * buf_add() as a callback, of json_dump_callback() for instance; arg is the
 * buffer.  0, or -1: out of memory.
 */
int buf_sink(const char *bytes, size_t n, void *arg);

/* Cuts to at most len bytes. */
void buf_truncate(struct buf *, size_t len);

/* The bytes as a string; "" for an empty buffer, NULL after out of memory. */
const char *buf_str(const struct buf *);

/*
 * Hands the string over to the caller, who frees it; the buffer is empty
 * afterwards.  NULL after out of memory.
 */
char *buf_take(struct buf *);

#endif
