/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * trend.c - how fast a number grows, from a bounded history
 *
 * Pure.  Works on what is left of the samples: missed runs leave a gap in
 * time, not a fault.  Recent means five minutes, or as far back as it takes for
 * four samples.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "plug/trend.h"

#define TREND_AGE_MAX    (3600 * INT64_C(1000)) /* milliseconds */
#define TREND_RECENT     (330 * INT64_C(1000))  /* 5 min and slack */
#define TREND_RECENT_MIN 4 /* with fewer, an odd one shows */
#define TREND_TWICE      (15 * INT64_C(1000))
#define TREND_SPAN_MIN   (60 * INT64_C(1000))
#define TREND_STEP       (5 * INT64_C(1000))
#define TREND_SAME       INT64_C(1000) /* ages are whole seconds */
#define TREND_FALL_MIN   100           /* a smaller fall is everyday life */

#define TREND_SLOPES_MIN 3  /* with fewer, none is the usual one */
#define TREND_JUMP       4  /* times as far as any other change */
#define TREND_JUMP_MIN   20 /* a smaller one is everyday life */

#define TREND_FIELDS     3
#define TREND_MONO       1 /* the field that may be negative */
#define TREND_VALUE_MAX  (INT64_MAX / 2000)
#define TREND_LINE_MAX   80

/* One line; false when it is no sample. */
static bool
trend_parse_line(struct trend_sample *s, const char *text, size_t n)
{
	char line[TREND_LINE_MAX], *word, *rest = NULL;
	int64_t field[TREND_FIELDS];
	const char *why;
	int64_t min;
	int i;

	if (n >= sizeof(line) || memchr(text, '\0', n) != NULL)
		return false;
	memcpy(line, text, n);
	line[n] = '\0';
	for (i = 0; i < TREND_FIELDS; i++) {
		word = strtok_r(i == 0 ? line : NULL, " ", &rest);
		min = i == TREND_MONO ? -TREND_VALUE_MAX : 0;
		if (word == NULL ||
		    num_int64(word, min, TREND_VALUE_MAX, &field[i], &why) != 0)
			return false;
	}
	*s = (struct trend_sample){ field[0], field[1], field[2] };
	return strtok_r(NULL, " ", &rest) == NULL;
}

void
trend_parse(struct trend *t, const char *text, size_t n)
{
	const char *end, *nl;

	t->n = 0;
	if (n == 0)
		return;
	for (end = text + n; t->n < TREND_MAX && text < end; text = nl + 1) {
		nl = memchr(text, '\n', (size_t)(end - text));
		if (nl == NULL)
			return; /* a cut line is not trusted */
		if (trend_parse_line(&t->v[t->n], text, (size_t)(nl - text)))
			t->n++;
	}
}

void
trend_format(const struct trend *t, struct buf *out)
{
	size_t i;

	for (i = 0; i < t->n; i++)
		buf_addf(out, "%lld %lld %lld\n", (long long)t->v[i].wall,
		    (long long)t->v[i].mono, (long long)t->v[i].value);
}

/* May the samples up to a be compared with b, the next one? */
static bool
trend_connects(const struct trend_sample *a, const struct trend_sample *b)
{
	int64_t passed = b->mono - a->mono;
	int64_t step = (b->wall - a->wall) * 1000 - passed;

	if (passed < 0 || step > TREND_STEP || step < -TREND_STEP)
		return false;
	return b->value >= a->value / 2 || a->value - b->value < TREND_FALL_MIN;
}

void
trend_prune(struct trend *t, const struct trend_sample *now)
{
	const struct trend_sample *next = now;
	size_t first = t->n;

	while (first != 0 && trend_connects(&t->v[first - 1], next) &&
	    now->mono - t->v[first - 1].mono <= TREND_AGE_MAX) {
		next = &t->v[first - 1];
		first--;
	}
	memmove(t->v, t->v + first, (t->n - first) * sizeof(t->v[0]));
	t->n -= first;
}

void
trend_add(struct trend *t, const struct trend_sample *now)
{
	if (t->n != 0 && now->mono - t->v[t->n - 1].mono < TREND_TWICE)
		return;
	if (t->n == TREND_MAX) {
		memmove(t->v, t->v + 1, (TREND_MAX - 1) * sizeof(t->v[0]));
		t->n--;
	}
	t->v[t->n++] = *now;
}

static int
trend_compare(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* The first of the samples that count as recent. */
static size_t
trend_recent(const struct trend *t, const struct trend_sample *now)
{
	size_t i = 0;

	while (t->n - i > TREND_RECENT_MIN &&
	    now->mono - t->v[i].mono > TREND_RECENT)
		i++;
	return i;
}

/* A sample that is compared: minutes since the first one, and its value. */
struct trend_point {
	double at;
	double value;
};

static double
trend_median(double *v, size_t n)
{
	qsort(v, n, sizeof(*v), trend_compare);
	return n % 2 != 0 ? v[n / 2] : (v[n / 2 - 1] + v[n / 2]) / 2;
}

/*
 * Are they far enough apart for a slope?  Of two runs at nearly the same time
 * the slope would be a matter of chance.
 */
static bool
trend_is_apart(const struct trend_point *a, const struct trend_point *b)
{
	return b->at - a->at >= TREND_TWICE / 60000.0;
}

static double
trend_slope(const struct trend_point *a, const struct trend_point *b)
{
	return (b->value - a->value) / (b->at - a->at);
}

/*
 * Takes one step out: a release, an undo or a restart changes the number
 * between two samples, and is no growth.  It is a step if it is far from the
 * usual slope while all other changes are near to it.  The beginning of a flood
 * looks so for one sample, and no longer with the next.
 */
static void
trend_level(struct trend_point *p, size_t n)
{
	double slope[TREND_MAX], off, step = 0, other = 0, usual;
	size_t i, slopes = 0, at = 0;

	for (i = 1; i < n; i++)
		if (trend_is_apart(&p[i - 1], &p[i]))
			slope[slopes++] = trend_slope(&p[i - 1], &p[i]);
	if (slopes < TREND_SLOPES_MIN)
		return;
	usual = trend_median(slope, slopes);
	for (i = 1; i < n; i++) {
		off = p[i].value - p[i - 1].value -
		    usual * (p[i].at - p[i - 1].at);
		if (fabs(off) > fabs(step)) {
			other = fabs(step);
			step = off;
			at = i;
		} else {
			other = fmax(other, fabs(off));
		}
	}
	if (fabs(step) < TREND_JUMP_MIN || fabs(step) <= other * TREND_JUMP)
		return;
	for (i = at; i < n; i++)
		p[i].value -= step;
}

bool
trend_rate(const struct trend *t, const struct trend_sample *now,
    double *per_minute)
{
	double slope[TREND_MAX * (TREND_MAX + 1) / 2];
	size_t first = trend_recent(t, now), count = t->n - first + 1;
	struct trend_point p[TREND_MAX + 1];
	const struct trend_sample *s;
	size_t i, j, n = 0;

	if (first == t->n || now->mono - t->v[first].mono < TREND_SPAN_MIN)
		return false;
	for (i = 0; i < count; i++) {
		s = first + i < t->n ? &t->v[first + i] : now;
		p[i].at = (double)(s->mono - t->v[first].mono) / 60000;
		p[i].value = (double)s->value;
	}
	trend_level(p, count);
	for (i = 0; i < count; i++)
		for (j = i + 1; j < count; j++)
			if (trend_is_apart(&p[i], &p[j]))
				slope[n++] = trend_slope(&p[i], &p[j]);
	if (n == 0)
		return false;
	*per_minute = trend_median(slope, n);
	return true;
}

/* Is the sample no newer than the last one, and no clock was set? */
static bool
trend_is_old(const struct trend *t, const struct trend_sample *now)
{
	const struct trend_sample *last = &t->v[t->n - 1];
	int64_t passed = now->mono - last->mono;
	int64_t step = (now->wall - last->wall) * 1000 - passed;

	/* Of the same second: how old it is may be rounded. */
	if (now->wall == last->wall)
		return true;
	return passed < TREND_SAME && passed > -TREND_AGE_MAX &&
	    step <= TREND_STEP && step >= -TREND_STEP;
}

bool
trend_take(struct trend *t, const struct trend_sample *now, double *per_minute)
{
	struct trend_sample last;
	bool known;

	if (t->n != 0 && trend_is_old(t, now)) {
		last = t->v[--t->n];
		known = trend_rate(t, &last, per_minute);
		t->v[t->n++] = last;
		return known;
	}
	trend_prune(t, now);
	known = trend_rate(t, now, per_minute);
	trend_add(t, now);
	return known;
}
