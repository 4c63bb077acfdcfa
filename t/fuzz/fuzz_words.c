/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fuzz_words.c - lines of words, numbers and dates come back whole */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

#include "base/num.h"
#include "base/utc.h"
#include "base/words.h"

static void
number(const char *s)
{
	struct buf b = BUF_INIT;
	int64_t v = -1, again = -2;
	const char *why = NULL;

	if (num_int64(s, INT64_MIN, INT64_MAX, &v, &why) == 0) {
		buf_addf(&b, "%" PRId64, v);
		FUZZ_MUST(num_int64(buf_str(&b), v, v, &again, &why) == 0 &&
		    v == again);
		FUZZ_MUST(words_number(s, INT64_MAX, &again) ==
		    (*s >= '0' && *s <= '9'));
	} else {
		FUZZ_MUST(fuzz_is_line(why) && v == -1);
	}
	buf_truncate(&b, 0);
	if (utc_parse(s, strlen(s), &v) == 0) {
		utc_add(&b, v);
		/* Second 60 is that of a leap, and the next minute's first. */
		FUZZ_MUST(memcmp(s + 17, "60", 2) == 0 ||
		    strcmp(buf_str(&b), s) == 0);
	}
	buf_free(&b);
}

static void
word(char *s)
{
	struct buf b = BUF_INIT;
	char *again;

	FUZZ_MUST(*s != '\0' && strchr(s, ' ') == NULL);
	number(s);
	if (words_decode(s)) {
		words_add(&b, s);
		again = buf_take(&b);
		FUZZ_MUST(*s == '\0' || fuzz_is_line(again));
		FUZZ_MUST(words_decode(again) && strcmp(s, again) == 0);
		free(again);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	char *copy = fuzz_copy(bytes, n), *text = copy, *line, *w;
	bool bad = false;

	while ((line = words_line(&text, copy + n, &bad)) != NULL) {
		FUZZ_MUST(!bad && text > line && text <= copy + n);
		FUZZ_MUST(*line == '\0' || fuzz_is_line(line));
		while ((w = words_next(&line)) != NULL)
			word(w);
	}
	free(copy);
	return 0;
}
