/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fuzz_msconf.c - any bytes are a MailScanner.conf, a list or a ruleset; two
 * files say what one says that has the lines of both
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

#include "mqueue/msconf.h"

static int
include(void *arg, const char *pattern)
{
	struct buf *patterns = arg;

	FUZZ_MUST(strpbrk(pattern, "\n#") == NULL);
	buf_addf(patterns, "%s\n", pattern);
	return 0;
}

static int
add(void *arg, const char *path)
{
	size_t *count = arg;

	FUZZ_MUST(path[0] == '/' && strpbrk(path, " \t\r\n#") == NULL);
	(*count)++;
	return 0;
}

static bool
same(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* Expanded to that length at most, or as it was written. */
static void
must_be_value(const char *s, size_t n)
{
	FUZZ_MUST(s == NULL || strpbrk(s, "\n#") == NULL);
	FUZZ_MUST(s == NULL || strlen(s) <= (n > 4096 ? n : 4096));
}

static void
parse(struct msconf *m, const char *bytes, size_t n, struct buf *in)
{
	char *part = fuzz_copy(bytes, n);

	FUZZ_MUST(msconf_parse(m, part, n, include, in) == 0);
	free(part);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct msconf one = MSCONF_INIT, two = MSCONF_INIT;
	struct buf in_one = BUF_INIT, in_two = BUF_INIT;
	const char *text = (const char *)bytes, *nl = NULL;
	size_t count = 0, lines = 1, i, first;

	for (i = 0; i < n; i++) {
		lines += text[i] == '\n';
		if (text[i] == '\n' && i <= n / 2)
			nl = text + i;
	}
	first = nl != NULL ? (size_t)(nl + 1 - text) : 0;
	parse(&one, text, n, &in_one);
	parse(&two, text, first, &in_two);
	parse(&two, text + first, n - first, &in_two);
	FUZZ_MUST(same(one.incoming, two.incoming));
	FUZZ_MUST(same(one.outgoing, two.outgoing));
	FUZZ_MUST(same(one.mta, two.mta));
	FUZZ_MUST(same(buf_str(&in_one), buf_str(&in_two)));
	must_be_value(one.incoming, n);
	must_be_value(one.outgoing, n);
	must_be_value(one.mta, n);
	buf_free(&in_one);
	buf_free(&in_two);
	msconf_free(&one);
	msconf_free(&two);
	FUZZ_MUST(msconf_parse_list(text, n, add, &count) == 0);
	FUZZ_MUST(count <= lines);
	return 0;
}
