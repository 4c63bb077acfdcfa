/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fuzz_sendmailcf.c - any bytes are a sendmail.cf, which says the same once
 * its lines are unfolded and its comments are gone
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

#include "mta/sendmail/access/cf.h"
#include "mta/sendmail/cf.h"

static bool
same(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static void
must_agree(const struct sendmail_cf *a, const struct sendmail_cf *b)
{
	size_t i;

	FUZZ_MUST(same(a->queue_directory, b->queue_directory));
	FUZZ_MUST(a->ngroups == b->ngroups);
	for (i = 0; i < a->ngroups; i++) {
		FUZZ_MUST(a->groups[i].name != NULL);
		FUZZ_MUST(same(a->groups[i].name, b->groups[i].name));
		FUZZ_MUST(same(a->groups[i].path, b->groups[i].path));
	}
}

static void
access_must_agree(const char *bytes, size_t n, const struct buf *plain)
{
	struct sendmail_access_cf a = SENDMAIL_ACCESS_CF_INIT,
				  b = SENDMAIL_ACCESS_CF_INIT;

	FUZZ_MUST(sendmail_access_cf_parse(&a, bytes, n) == 0);
	FUZZ_MUST(sendmail_access_cf_parse(&b, buf_str(plain), plain->len) ==
	    0);
	FUZZ_MUST(same(a.type, b.type) && same(a.file, b.file));
	FUZZ_MUST(a.keep_case == b.keep_case && a.nul == b.nul &&
	    a.way.compressed == b.way.compressed && a.way.dots == b.way.dots &&
	    a.skip == b.skip);
	sendmail_access_cf_free(&a);
	sendmail_access_cf_free(&b);
}

/* One line each; one that begins with a blank says nothing. */
static void
unfold(struct buf *out, const char *bytes, size_t n)
{
	const char *s = bytes, *end = bytes + n, *before;
	struct buf line = BUF_INIT;
	size_t i;

	while (s != end) {
		before = s;
		sendmail_cf_next_line(&line, &s, end);
		FUZZ_MUST(!line.oom && s > before && s <= end);
		FUZZ_MUST(line.len <= (size_t)(s - before));
		if (line.len == 0)
			continue;
		FUZZ_MUST(memchr(line.data, '\n', line.len) == NULL);
		FUZZ_MUST(strchr(" \t\r", line.data[line.len - 1]) == NULL);
		if (strchr(" \t", line.data[0]) != NULL)
			continue;
		for (i = 0; i < line.len; i++) {
			if (line.data[i] == '#')
				buf_addc(out, '\\');
			buf_addc(out, line.data[i]);
		}
		buf_addc(out, '\n');
	}
	buf_free(&line);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	char *text = fuzz_copy(bytes, n);
	struct sendmail_cf a = SENDMAIL_CF_INIT, b = SENDMAIL_CF_INIT;
	struct buf plain = BUF_INIT;

	unfold(&plain, text, n);
	FUZZ_MUST(sendmail_cf_parse(&a, text, n) == 0);
	FUZZ_MUST(sendmail_cf_parse(&b, buf_str(&plain), plain.len) == 0);
	must_agree(&a, &b);
	access_must_agree(text, n, &plain);
	sendmail_cf_free(&a);
	sendmail_cf_free(&b);
	buf_free(&plain);
	free(text);
	return 0;
}
