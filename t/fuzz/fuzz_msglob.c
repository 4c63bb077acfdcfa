/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fuzz_msglob.c - any string is a glob of MailScanner's; the patterns it means
 * mean themselves, if what is quoted in them stays so
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

#include "mta/mailscanner/glob.h"

struct expected {
	const char *pattern;
	bool magic;
	size_t n;
};

static int
again(void *arg, const char *pattern, bool magic)
{
	struct expected *e = arg;

	FUZZ_MUST(e->n++ == 0);
	FUZZ_MUST(magic == e->magic && strcmp(pattern, e->pattern) == 0);
	return 0;
}

/* A path, each byte of it quoted. */
static int
quoted(void *arg, const char *pattern, bool magic)
{
	struct expected e = { pattern, false, 0 };
	struct buf text = BUF_INIT;
	size_t *count = arg;
	const char *s;

	FUZZ_MUST(++*count <= 1000);
	if (!magic && *pattern != '\0') {
		for (s = pattern; *s != '\0'; s++)
			buf_addf(&text, "\\%c", *s);
		FUZZ_MUST(text.len > 4096 ||
		    mailscanner_glob_patterns(buf_str(&text), again, &e) == 0);
		FUZZ_MUST(text.len > 4096 || e.n == 1);
	}
	FUZZ_MUST(!magic || strpbrk(pattern, "*?[") != NULL);
	buf_free(&text);
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	char *text = fuzz_string(bytes, n);
	size_t count = 0;

	if (mailscanner_glob_patterns(text, quoted, &count) != 0)
		FUZZ_MUST(errno == E2BIG &&
		    (strlen(text) > 4096 || count == 1000));
	free(text);
	return 0;
}
