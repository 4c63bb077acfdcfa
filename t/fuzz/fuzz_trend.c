/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fuzz_trend.c - any bytes are a history; one that was saved is read back
 *
 * The first line is the new sample, "WALL MONO VALUE".
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

#include "plug/state.h"
#include "plug/trend.h"
#include "plug/trends.h"

static void
round_trip(const struct trend *t)
{
	struct buf b = BUF_INIT;
	struct trend again;
	size_t i;

	trend_format(t, &b);
	trend_parse(&again, b.data, b.len);
	FUZZ_MUST(again.n == t->n);
	for (i = 0; i < t->n; i++)
		FUZZ_MUST(t->v[i].wall == again.v[i].wall &&
		    t->v[i].mono == again.v[i].mono &&
		    t->v[i].value == again.v[i].value);
	buf_free(&b);
}

/* The bytes as histories of many things: in enough room all come back. */
static void
many(const char *text, size_t n)
{
	struct trends all, again;
	struct trend trend;
	struct buf b = BUF_INIT;
	size_t i, size;

	if (trends_parse(&all, text, n) != 0) {
		trends_free(&all);
		return;
	}
	FUZZ_MUST(all.n <= TRENDS_MAX);
	for (i = 0; i < all.n; i++) {
		size = b.len;
		trends_add(&b, all.v[i].name, &all.v[i].trend, 300);
		FUZZ_MUST(b.len - size <= 300);
	}
	buf_truncate(&b, 0);
	for (i = 0; i < all.n; i++)
		trends_add(&b, all.v[i].name, &all.v[i].trend, SIZE_MAX);
	FUZZ_MUST(trends_parse(&again, b.data, b.len) == 0);
	for (i = 0; i < again.n; i++) {
		trends_get(&all, again.v[i].name, &trend);
		FUZZ_MUST(again.v[i].trend.n != 0);
		round_trip(&again.v[i].trend);
	}
	trends_free(&all);
	trends_free(&again);
	buf_free(&b);
}

/* A check's run: prune, rate, add; then what is left goes on. */
static void
run(struct trend *t, const struct trend_sample *now)
{
	double rate = 0, worst = 0, slope;
	struct trend once;
	size_t i;

	trend_prune(t, now);
	once = *t;
	trend_prune(t, now);
	FUZZ_MUST(t->n == once.n);
	for (i = 0; i < t->n; i++) {
		FUZZ_MUST(t->v[i].mono <= now->mono);
		FUZZ_MUST(i == 0 || t->v[i - 1].mono <= t->v[i].mono);
		slope = 4.0 *
		    (fabs((double)t->v[i].value) + fabs((double)now->value));
		worst = slope > worst ? slope : worst;
	}
	if (trend_rate(t, now, &rate))
		FUZZ_MUST(isfinite(rate) && fabs(rate) <= 2 * worst);
	trend_add(t, now);
	FUZZ_MUST(t->n >= 1 && t->n <= TREND_MAX);
	FUZZ_MUST(t->n + 1 >= once.n && t->n <= once.n + 1);
	round_trip(t);
}

/* Whatever a thing is called, its file has a plain name. */
static void
key(const char *identity)
{
	struct buf b = BUF_INIT;

	state_key(&b, "mqueue", identity);
	FUZZ_MUST(b.len == strlen("mqueue-") + 16);
	FUZZ_MUST(strspn(buf_str(&b) + 7, "0123456789abcdef") == 16);
	buf_free(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct trend_sample now = { 1795532400, 100000000, 1000 };
	struct trend t, first;
	struct buf b = BUF_INIT;
	char *line, *text;

	if ((line = fuzz_line(&bytes, &n)) != NULL) {
		buf_addf(&b, "%s\n", line);
		key(line);
	}
	trend_parse(&first, b.data, b.len);
	if (first.n == 1)
		now = first.v[0];
	text = fuzz_copy(bytes, n);
	many(text, n);
	trend_parse(&t, text, n);
	FUZZ_MUST(t.n <= TREND_MAX);
	round_trip(&t);
	run(&t, &now);
	run(&t, &now);
	buf_free(&b);
	free(line);
	free(text);
	return 0;
}
