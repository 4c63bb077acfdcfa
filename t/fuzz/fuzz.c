/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fuzz.c - what the fuzz targets share; aborts where it fails */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fuzz.h"

#include "base/fsx.h"

void
fuzz_broken(const char *property, const char *file, int line)
{
	fprintf(stderr, "%s:%d: broken: %s\n", file, line, property);
	abort();
}

char *
fuzz_copy(const void *bytes, size_t n)
{
	char *copy = malloc(n != 0 ? n : 1);

	FUZZ_MUST(copy != NULL);
	if (n != 0)
		memcpy(copy, bytes, n);
	return copy;
}

char *
fuzz_string(const void *bytes, size_t n)
{
	char *copy = strndup(n != 0 ? bytes : "", n);

	FUZZ_MUST(copy != NULL);
	return copy;
}

char *
fuzz_line(const uint8_t **bytes, size_t *n)
{
	const uint8_t *nl = *n != 0 ? memchr(*bytes, '\n', *n) : NULL;
	size_t len = nl != NULL ? (size_t)(nl - *bytes) : *n;
	char *line;

	if (*n == 0)
		return NULL;
	line = fuzz_string(*bytes, len);
	if (nl != NULL)
		len++;
	*bytes += len;
	*n -= len;
	return line;
}

bool
fuzz_same(struct span a, struct span b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

bool
fuzz_same_relay(const struct relay *a, const struct relay *b)
{
	return a->class == b->class && addr_equal(&a->addr, &b->addr) &&
	    a->forged == b->forged && fuzz_same(a->host, b->host) &&
	    fuzz_same(a->ident, b->ident);
}

bool
fuzz_inside(struct span s, const char *bytes, size_t n)
{
	return s.n == 0 ||
	    (s.p >= bytes && s.n <= n && (size_t)(s.p - bytes) <= n - s.n);
}

bool
fuzz_is_line(const char *text)
{
	const char *p;

	for (p = text; p != NULL && *p != '\0'; p++)
		if (*p < ' ' || *p > '~')
			return false;
	return text != NULL && p != text;
}

int
fuzz_file(const void *bytes, size_t n)
{
	static FILE *file;
	int fd;

	if (file == NULL)
		file = tmpfile();
	FUZZ_MUST(file != NULL);
	fd = fileno(file);
	FUZZ_MUST(ftruncate(fd, 0) == 0 && lseek(fd, 0, SEEK_SET) == 0);
	FUZZ_MUST(n == 0 || fsx_write(fd, bytes, n) == 0);
	FUZZ_MUST(lseek(fd, 0, SEEK_SET) == 0);
	return fd;
}
