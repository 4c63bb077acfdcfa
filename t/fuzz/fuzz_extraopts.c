/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fuzz_extraopts.c - any bytes are an ini file, or a clear error
 *
 * Standard input is the file, as --extra-opts=SECTION@- has it.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fuzz.h"

#include "plug/extraopts.h"

static char own[] = "--own", locator[] = "--extra-opts=check@-",
	    program[] = "/usr/lib/check_mqueue";

/* 0; or -1, and x is freed. */
static int
expand(struct extraopts *x, const struct buf *text)
{
	char *argv[] = { program, locator, own, NULL };
	const struct extraopts_env env = { NULL, NULL };
	struct buf why = BUF_INIT;
	int rc, i;

	FUZZ_MUST(dup2(fuzz_file(text->data, text->len), 0) == 0);
	rc = extraopts_expand(x, "check", 3, argv, &env, &why);
	if (rc != 0) {
		FUZZ_MUST(x->n == 0 || x->v[x->n] == NULL);
		FUZZ_MUST(fuzz_is_line(buf_str(&why)));
		extraopts_free(x);
	} else {
		FUZZ_MUST(why.len == 0 && x->n >= 2 && x->v[x->n] == NULL);
		FUZZ_MUST(strcmp(x->v[0], program) == 0);
		FUZZ_MUST(strcmp(x->v[x->n - 1], own) == 0);
		for (i = 0; i < x->n; i++)
			FUZZ_MUST(strchr(x->v[i], '\n') == NULL);
	}
	buf_free(&why);
	return rc;
}

/* Another text has the same options. */
static void
same(const struct extraopts *x, const struct buf *text)
{
	struct extraopts y;
	int i;

	FUZZ_MUST(!text->oom && expand(&y, text) == 0 && y.n == x->n);
	for (i = 0; i < x->n; i++)
		FUZZ_MUST(strcmp(x->v[i], y.v[i]) == 0);
	extraopts_free(&y);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct buf text = BUF_INIT, other = BUF_INIT;
	struct extraopts x;
	size_t i;

	buf_add(&text, bytes, n);
	if (expand(&x, &text) == 0) {
		buf_add(&other, bytes, n);
		buf_adds(&other, "\n; more\n[other]\nkey=value\nalone\n");
		same(&x, &other);

		buf_truncate(&other, 0);
		for (i = 0; i < n; i++)
			if (bytes[i] == '\n')
				buf_adds(&other, " \t\r\n\t ");
			else
				buf_addc(&other, (char)bytes[i]);
		same(&x, &other);
		extraopts_free(&x);
	}
	buf_free(&other);
	buf_free(&text);
	return 0;
}
