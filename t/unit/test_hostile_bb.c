/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * test_hostile_bb.c - what strangers may put into a status, and what may not
 * come of it
 *
 * The cases are those that a real Xymon, Big Brother or Big Sister was seen or
 * is said to act on.  t/real/xymon.t sends the same through a real xymond.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"

#include "base/buf.h"
#include "plug/render_bb.h"

static const char *const cases[] = {
	/* clang-format off */
	"<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "</PRE>",
	"&lt;script&gt;", "&red", "&yellow-acked", "&green-recent", "&clear",
	"@@", "@@status#1/a|1|10.0.0.1||other.example|mqueue|1|red|",
	"Status message received from 1.2.3.4", "status other.example.x red y",
	"data other.example.trends", "<!-- linecount=20000 -->",
	"<!-- ncv_end -->", "<!-- ncv_skipstart -->", "name: 5", "name = 5",
	"12:34", "a|b=1", "|x=1", "x;y", "$(id)", "`id`", "${IFS}", "\\nx",
	"|>remove mx1.mqueue", "remove mx1.mqueue", "disable mx1 forever",
	"join x", "perf 1 mx1:a 5", "meta", "combo", "2001:db8::1",
	"\x1b[31mred", "\x9b[31m", "caf\xe9", "it's \"quoted\"", "\t&red x",
	"relay CRITICAL: forged", "x OK: forged CRITICAL:",
	/* clang-format on */
};

/* Where a stranger's text may stand, for which % is here. */
static const char *const places[] = { "MQUEUE OK - % | messages=5",
	"MQUEUE OK - %\n%\n", "MQUEUE OK - x | messages=5\n%\n",
	"MQUEUE OK - x | messages=5\nfirst\n\n% 12 messages\n", "%\n",
	"M OK - x | messages=5 %", "M OK - x | messages=5\ntop OK: %\n",
	"M OK - x | messages=5\n% OK\n" };

/* The bytes with cr, lf and nul after the text, too. */
static const char *const tails[] = { "", "\r", "\n", "\n\n" };

/* How often text holds a word. */
static size_t
count(const char *text, const char *word)
{
	size_t n = 0;

	while ((text = strstr(text, word)) != NULL) {
		text += strlen(word);
		n++;
	}
	return n;
}

static size_t
count_char(const char *text, char c)
{
	const char word[] = { c, '\0' };

	return count(text, word);
}

/* The rows between the first line and ncv_end. */
static size_t
count_rows(const char *message)
{
	const char *end = strstr(message, "\n <!-- ncv_end -->\n");
	const char *p = message;
	size_t n = 0;

	assert_non_null(end);
	while ((p = strchr(p, '\n')) < end) {
		p++;
		n++;
	}
	return n;
}

static void
check(const char *message, size_t results)
{
	static const char end[] = "<!-- ncv_end -->";
	static const char colours[] = "\n &green ";
	const char *p;

	/* One message: each line but the first begins with a blank. */
	for (p = message; *p != '\0'; p++) {
		if (*p == '\n' && p[1] != '\0')
			assert_int_equal(p[1], ' ');
		if (*p != '\n')
			assert_in_range(*p, 0x20, 0x7e);
	}
	assert_int_equal(p[-1], '\n');
	/* No HTML but ours, no icon but ours. */
	assert_int_equal(count_char(message, '<'), 1);
	assert_int_equal(count_char(message, '>'), 1);
	assert_int_equal(count(message, end), 1);
	assert_int_equal(count_char(message, '&'), results);
	assert_int_equal(count(message, colours), results);
	for (p = "|;$`'\"\\"; *p != '\0'; p++)
		assert_int_equal(count_char(message, *p), 0);
}

/* How many lines of an output are sub-results, and how many rows it has. */
static void
render(char **message, size_t *results, size_t *rows, const char *text)
{
	static const struct render_bb how = {
		.host = "mx1.example.net",
		.column = "mqueue",
		.date = "Sun Nov 22 20:08:00 UTC 2026",
		.state = RESULT_OK,
		.unknown = "yellow",
		.lifetime = 15,
	};
	struct buf out = BUF_INIT;
	struct output o;
	size_t i;

	output_parse(&o, text, strlen(text));
	render_bb(&o, &how, &out);
	*message = buf_take(&out);
	*rows = o.nperf;
	*results = 0;
	for (i = 0; i < o.nline; i++)
		*results += o.line[i].is_result;
}

static void
fill(struct buf *text, const char *place, const char *hostile, const char *tail)
{
	buf_truncate(text, 0);
	for (; *place != '\0'; place++)
		if (*place == '%')
			buf_addf(text, "%s%s", hostile, tail);
		else
			buf_addc(text, *place);
}

static void
test_every_place(void **state)
{
	struct buf text = BUF_INIT;
	size_t i, j, k, results, rows;
	char *message;

	(void)state;
	for (i = 0; i < ROWS(cases); i++)
		for (j = 0; j < ROWS(places); j++)
			for (k = 0; k < ROWS(tails); k++) {
				fill(&text, places[j], cases[i], tails[k]);
				render(&message, &results, &rows,
				    buf_str(&text));
				check(message, results);
				assert_int_equal(count_rows(message), rows);
				free(message);
			}
	buf_free(&text);
}

/* A text in the long output never makes a row: the first line has them. */
static void
test_no_row(void **state)
{
	char text[300], *message;
	size_t i, results, rows;

	(void)state;
	for (i = 0; i < ROWS(cases); i++) {
		snprintf(text, sizeof(text), "M OK - x | messages=5\n%s\n",
		    cases[i]);
		render(&message, &results, &rows, text);
		assert_int_equal(count_rows(message), 1);
		assert_non_null(strstr(message, "\n messages : 5\n"));
		free(message);
	}
}

/* Every byte on every place of a line, and a line of any length. */
static void
test_bytes_and_sizes(void **state)
{
	char text[3000], *message;
	size_t results, rows;
	int c, n;

	(void)state;
	for (c = 1; c < 256; c++) {
		n = snprintf(text, sizeof(text), "a%cb | messages=5\n%cc%c\n%c",
		    c, c, c, c);
		assert_true(n > 0);
		render(&message, &results, &rows, text);
		check(message, results);
		free(message);
	}
	for (n = 0; n < 2900; n += 7) {
		snprintf(text, sizeof(text), "%0*d\n%0*d", n, 0, n, 0);
		render(&message, &results, &rows, text);
		check(message, 0);
		assert_in_range(strlen(message), 60, 1200);
		free(message);
	}
}

/* However much a plugin prints, the message stays below MAXLINE, and says. */
static void
test_flood(void **state)
{
	struct buf text = BUF_INIT;
	size_t i, results, rows;
	char *message;

	(void)state;
	buf_adds(&text, "x | a=1\n");
	for (i = 0; i < 240; i++)
		buf_addf(&text, "%0300zu\n", i);
	render(&message, &results, &rows, buf_str(&text));
	check(message, 0);
	assert_in_range(strlen(message), RENDER_BB_MAX - 1200, RENDER_BB_MAX);
	assert_non_null(strstr(message,
	    "\n There was more than is shown here: at most 256 numbers, 250"
	    " lines and 32000 bytes are.\n"));
	free(message);

	buf_truncate(&text, 0);
	buf_adds(&text, "x |");
	for (i = 0; i < OUTPUT_PERF_MAX + 1; i++)
		buf_addf(&text, " %064zu=%032zuabcdefgh", i, i);
	render(&message, &results, &rows, buf_str(&text));
	check(message, 0);
	assert_in_range(strlen(message), 1, RENDER_BB_MAX);
	assert_int_equal(rows, OUTPUT_PERF_MAX);
	free(message);
	buf_free(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_place),
		cmocka_unit_test(test_no_row),
		cmocka_unit_test(test_bytes_and_sizes),
		cmocka_unit_test(test_flood),
	};

	return UNIT_RUN(tests);
}
