/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fuzz_tag.c - each line is a tag of ours, which comes back, or what a
 * client is to hear
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

#include "block/tag.h"
#include "mta/sendmail/access/value.h"

/* What is written of a tag is one, and is written the same. */
static void
round_trip(const struct tag *t)
{
	struct buf once = BUF_INIT, twice = BUF_INIT;
	struct tag again;

	tag_add(&once, t);
	FUZZ_MUST(!once.oom && once.data[once.len - 1] == '\n');
	FUZZ_MUST(tag_parse(&again, (struct span){ once.data, once.len - 1 }));
	FUZZ_MUST(client_equal(&t->key, &again.key));
	FUZZ_MUST(t->added == again.added && t->until == again.until);
	FUZZ_MUST(again.by.n <= TAG_BY && again.reason.n <= TAG_REASON);
	FUZZ_MUST(tag_expired(&again, INT64_MAX) == (t->until != TAG_NEVER));
	tag_add(&twice, &again);
	FUZZ_MUST(strcmp(buf_str(&once), buf_str(&twice)) == 0);
	once.data[once.len - 1] = '\0';
	FUZZ_MUST(fuzz_is_line(once.data));
	buf_free(&once);
	buf_free(&twice);
}

static void
tag(const char *line)
{
	struct tag t;
	size_t n = strlen(line);

	if (!tag_parse(&t, (struct span){ line, n }))
		return;
	FUZZ_MUST(fuzz_inside(t.by, line, n) && t.by.n != 0);
	FUZZ_MUST(fuzz_inside(t.reason, line, n));
	round_trip(&t);
}

static void
reply(const char *line)
{
	struct buf b = BUF_INIT;
	const char *why = NULL;

	if (sendmail_access_value_parse(&b, line, &why) == 0)
		FUZZ_MUST(fuzz_is_line(buf_str(&b)) &&
		    sendmail_access_value_of((struct span){ b.data, b.len }) ==
			BLOCK_REFUSES);
	else
		FUZZ_MUST(b.len == 0 && fuzz_is_line(why));
	buf_free(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	char *line;

	while ((line = fuzz_line(&bytes, &n)) != NULL) {
		tag(line);
		reply(line);
		free(line);
	}
	return 0;
}
