/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fuzz_output.c - whatever a plugin prints, it becomes one harmless status
 *
 * The rules are those of t/unit/test_hostile_bb.c.
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

#include "plug/render_bb.h"

static size_t
count(const char *text, const char *word)
{
	size_t n = 0;

	for (; (text = strstr(text, word)) != NULL; text += strlen(word))
		n++;
	return n;
}

static void
must_be_parts(const struct output *o, const char *s, size_t n)
{
	const struct output_perf *p;
	size_t i;

	FUZZ_MUST(fuzz_inside(o->text, s, n));
	FUZZ_MUST(o->nperf <= OUTPUT_PERF_MAX && o->nline <= OUTPUT_LINES_MAX);
	FUZZ_MUST(!o->perf_bad || o->nperf == 0);
	FUZZ_MUST(!o->perf_bad || o->nbad == 0);
	for (i = 0; i < o->nbad && i < OUTPUT_BAD_MAX; i++)
		FUZZ_MUST(fuzz_inside(o->bad[i], s, n) && o->bad[i].n != 0);
	for (i = 0; i < o->nperf; i++) {
		p = &o->perf[i];
		FUZZ_MUST(fuzz_inside(p->label, s, n) &&
		    fuzz_inside(p->value, s, n) && fuzz_inside(p->uom, s, n));
		FUZZ_MUST(p->label.n - 1 < OUTPUT_LABEL_MAX);
		FUZZ_MUST(p->value.n - 1 < OUTPUT_VALUE_MAX);
	}
	for (i = 0; i < o->nline; i++)
		FUZZ_MUST(fuzz_inside(o->line[i].text, s, n) &&
		    memchr(o->line[i].text.p, '\n', o->line[i].text.n) == NULL);
}

/* A list of rules. */
/* NOLINTBEGIN(readability-function-cognitive-complexity) */
static void
must_be_status(const struct output *o, const struct render_bb *how)
{
	static const char end[] = "\n <!-- ncv_end -->\n", bad[] = ";$`'\"\\";
	const char *nl = how->big_sister ? "|> " : "\n ", *text, *p;
	size_t results = 0, lines, marks = 0, i;
	struct buf b = BUF_INIT;

	render_bb(o, how, &b);
	text = buf_str(&b);
	FUZZ_MUST(text != NULL && b.len <= RENDER_BB_MAX && text[b.len] == 0);
	FUZZ_MUST(strlen(text) == b.len && b.data[b.len - 1] == '\n');
	lines = count(text, nl);
	for (i = 0; i < o->nline; i++)
		results += o->line[i].is_result;
	for (p = text; p[1] != '\0'; p++) {
		FUZZ_MUST(*p == '\n' ? p[1] == ' ' : *p >= ' ' && *p <= '~');
		FUZZ_MUST(strchr(bad, *p) == NULL);
	}
	FUZZ_MUST(strncmp(text, "status+15 mx1,example.mqueue ", 29) == 0);
	FUZZ_MUST(count(text, "&") <= results);
	FUZZ_MUST(count(text, "&") ==
	    count(text, "&green ") + count(text, "&yellow ") +
		count(text, "&red "));
	FUZZ_MUST(how->state == RESULT_CRITICAL || count(text, "&red") == 0);
	FUZZ_MUST(how->state != RESULT_OK || count(text, "&yellow") == 0);
	/* The lines stand between two comments, and the numbers before one. */
	if (!how->big_sister)
		marks = how->failure == NULL && o->nline != 0 ? 3 : 1;
	FUZZ_MUST(count(text, "<") == marks);
	FUZZ_MUST(count(text, ">") == (how->big_sister ? lines : marks));
	FUZZ_MUST(count(text, "|") == (how->big_sister ? lines : 0));
	FUZZ_MUST(count(text, "\n") == (how->big_sister ? 1 : lines + 1));
	FUZZ_MUST(count(text, end) == (how->big_sister ? 0 : 1));
	buf_free(&b);
}
/* NOLINTEND(readability-function-cognitive-complexity) */

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct render_bb how = { .host = "mx1.example",
		.column = "mqueue",
		.lifetime = 15,
		.date = "Sun Nov 22 20:08:00 UTC 2026",
		.unknown = "yellow" };
	static struct output o;
	int i;

	output_parse(&o, n != 0 ? (const char *)bytes : "", n);
	must_be_parts(&o, (const char *)bytes, n);
	for (i = 0; i < 8; i++) {
		how.state = (enum result_state)(i % 4);
		how.big_sister = (i & 4) != 0;
		how.failure = i % 4 == RESULT_UNKNOWN ? "no end" : NULL;
		must_be_status(&o, &how);
	}
	return 0;
}
