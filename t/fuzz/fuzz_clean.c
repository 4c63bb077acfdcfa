/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fuzz_clean.c - what was cleaned is short, printable ASCII without what a
 * consumer acts on, and cleaning it again changes nothing
 *
 * The first byte is the length at most.
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

#include "base/clean.h"

typedef void clean_fn(struct buf *, const char *s, size_t n, size_t max);

static void
clean_line(struct buf *b, const char *s, size_t n, size_t max)
{
	(void)max;
	clean_add_line(b, s, n);
}

static void
clean(clean_fn *add, const char *forbidden, const char *s, size_t n, size_t max)
{
	struct buf once = BUF_INIT, twice = BUF_INIT;
	size_t i;

	add(&once, s, n, max);
	FUZZ_MUST(!once.oom && once.len == (n < max ? n : max));
	FUZZ_MUST(once.len == 0 || fuzz_is_line(buf_str(&once)));
	FUZZ_MUST(strlen(buf_str(&once)) == once.len);
	FUZZ_MUST(strpbrk(buf_str(&once), forbidden) == NULL);
	add(&twice, once.data, once.len, max);
	FUZZ_MUST(strcmp(buf_str(&once), buf_str(&twice)) == 0);
	/* Only what is harmful changes, but for the dots of a cut text. */
	for (i = 0; n <= max && i < n; i++)
		FUZZ_MUST(once.data[i] == s[i] || s[i] < ' ' || s[i] > '~' ||
		    strchr(forbidden, s[i]) != NULL);
	buf_free(&once);
	buf_free(&twice);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	size_t max = n != 0 ? bytes[0] : 0;
	char *s = n > 1 ? fuzz_copy(bytes + 1, n - 1) : NULL;

	n = n > 1 ? n - 1 : 0;
	clean(clean_add, "|<>&$`'\";\\", s, n, max);
	clean(clean_add_bb, "|<>&$`'\";\\\t", s, n, max);
	clean(clean_line, "|", s, n, n);
	free(s);
	return 0;
}
