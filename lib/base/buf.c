/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * buf.c - growable bytes with a sticky out-of-memory flag
 *
 * Owns the bytes until buf_free() or buf_take().  Growth doubles, so that
 * adding is linear in the bytes added.  Lengths that would overflow size_t
 * count as out of memory.
 */
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

#define BUF_FIRST 128

void
buf_free(struct buf *b)
{
	free(b->data);
	*b = (struct buf)BUF_INIT;
}

/* Makes room for n more bytes and the NUL. */
static bool
buf_reserve(struct buf *b, size_t n)
{
	size_t size = b->size != 0 ? b->size : BUF_FIRST;
	char *data;

	if (b->oom)
		return false;
	if (n >= SIZE_MAX / 2 - b->len) {
		b->oom = true;
		return false;
	}
	while (size < b->len + n + 1)
		size *= 2;
	if (size == b->size)
		return true;
	if ((data = realloc(b->data, size)) == NULL) {
		b->oom = true;
		return false;
	}
	b->data = data;
	b->size = size;
	return true;
}

void
buf_add(struct buf *b, const void *bytes, size_t n)
{
	if (!buf_reserve(b, n))
		return;
	if (n != 0)
		memcpy(b->data + b->len, bytes, n);
	b->len += n;
	b->data[b->len] = '\0';
}

int
buf_sink(const char *bytes, size_t n, void *arg)
{
	struct buf *b = arg;

	buf_add(b, bytes, n);
	return b->oom ? -1 : 0;
}

void
buf_addc(struct buf *b, char c)
{
	buf_add(b, &c, 1);
}

void
buf_adds(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s));
}

void
buf_addf(struct buf *b, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0) {
		b->oom = true;
		return;
	}
	if (!buf_reserve(b, (size_t)n))
		return;
	va_start(ap, fmt);
	vsnprintf(b->data + b->len, (size_t)n + 1, fmt, ap);
	va_end(ap);
	b->len += (size_t)n;
}

void
buf_truncate(struct buf *b, size_t len)
{
	if (len < b->len) {
		b->len = len;
		b->data[len] = '\0';
	}
}

const char *
buf_str(const struct buf *b)
{
	if (b->oom)
		return NULL;
	return b->data != NULL ? b->data : "";
}

char *
buf_take(struct buf *b)
{
	char *s = NULL;

	buf_add(b, "", 0);
	if (!b->oom) {
		s = b->data;
		b->data = NULL;
	}
	buf_free(b);
	return s;
}
