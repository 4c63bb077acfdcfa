/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * arrivals.c - when messages arrived: ages, the onset of a flood, its rate
 *
 * Pure.  Limits: counts have 32 bits, and ages are up to 136 years.
 */
#include <math.h>

#include "count/arrivals.h"

#define ARRIVALS_SPAN_MIN 60.0 /* seconds; a rate is one a minute */
#define ARRIVALS_RISE     2.0  /* smaller rises are everyday life */
#define ARRIVALS_FEW      8    /* too few messages for onset or end */
#define ARRIVALS_PAUSE    300  /* seconds; a shorter pause means nothing */
#define ARRIVALS_GAPS     10   /* nor does one of fewer usual gaps */

/* Where bucket i ends, in seconds: 18 ... 300 357 424 505 600 ... */
static uint32_t
arrivals_edge(unsigned int i)
{
	static const uint32_t first[] = { 300, 357, 424, 505 };

	return (uint32_t)((uint64_t)first[i % 4] << (i / 4) >> 4);
}

static unsigned int
arrivals_bucket(uint32_t age)
{
	unsigned int low = 0, high = ARRIVALS_BUCKETS - 1, mid;

	while (low < high) {
		mid = (low + high) / 2;
		if (age < arrivals_edge(mid))
			high = mid;
		else
			low = mid + 1;
	}
	return low;
}

void
arrivals_add(struct arrivals *a, int64_t age)
{
	uint32_t seconds = age < 0 ? 0 :
	    age > UINT32_MAX       ? UINT32_MAX :
				     (uint32_t)age;
	unsigned int i = arrivals_bucket(seconds);

	if (a->n[i]++ == 0)
		a->oldest[i] = a->newest[i] = seconds;
	if (seconds > a->oldest[i])
		a->oldest[i] = seconds;
	if (seconds < a->newest[i])
		a->newest[i] = seconds;
}

void
arrivals_merge(struct arrivals *a, const struct arrivals *b)
{
	unsigned int i;

	for (i = 0; i < ARRIVALS_BUCKETS; i++) {
		if (b->n[i] == 0)
			continue;
		if (a->n[i] == 0 || b->oldest[i] > a->oldest[i])
			a->oldest[i] = b->oldest[i];
		if (a->n[i] == 0 || b->newest[i] < a->newest[i])
			a->newest[i] = b->newest[i];
		a->n[i] += b->n[i];
	}
}

uint64_t
arrivals_between(const struct arrivals *a, int64_t min, int64_t max)
{
	uint64_t sum = 0;
	unsigned int i;

	for (i = 0; i < ARRIVALS_BUCKETS; i++)
		if ((i == 0 ? 0 : arrivals_edge(i - 1)) >= min &&
		    (i == ARRIVALS_BUCKETS - 1 ? INT64_MAX :
						 arrivals_edge(i)) <= max)
			sum += a->n[i];
	return sum;
}

/* A run of buckets, from the newest to the oldest. */
struct arrivals_run {
	uint64_t n;
	double span; /* seconds */
};

static struct arrivals_run
arrivals_run(const struct arrivals *a, unsigned int newest, unsigned int oldest)
{
	struct arrivals_run r = { 0, 0 };
	unsigned int i;

	for (i = newest; i <= oldest; i++)
		r.n += a->n[i];
	r.span = fmax((double)a->oldest[oldest] - (double)a->newest[newest],
	    ARRIVALS_SPAN_MIN);
	return r;
}

/* The likelihood of n messages in this time, at the rate that fits best. */
static double
arrivals_likelihood(uint64_t n, double span)
{
	return n == 0 ? 0 : (double)n * log((double)n / span);
}

/*
 * How much better do two rates explain the messages than one?  One rate is
 * inside the run, the other outside.  0 if the rate does not rise.
 */
static double
arrivals_gain(const struct arrivals_run *all, const struct arrivals_run *run)
{
	double span = fmax(all->span - run->span, 1);
	uint64_t n = all->n - run->n;

	if ((double)run->n / run->span < ARRIVALS_RISE * (double)n / span)
		return 0;
	return arrivals_likelihood(run->n, run->span) +
	    arrivals_likelihood(n, span) -
	    arrivals_likelihood(all->n, all->span);
}

/*
 * Returns the best of all runs of buckets, if it is better than chance would
 * give; otherwise all buckets.
 */
static void
arrivals_search(const struct arrivals *a, unsigned int *newest,
    unsigned int *oldest)
{
	const struct arrivals_run all = arrivals_run(a, *newest, *oldest);
	double best = 3 * log((double)all.n), gain;
	unsigned int i, j, first = *newest, last = *oldest;
	struct arrivals_run run;

	for (i = first; i <= last; i++) {
		for (j = i; a->n[i] != 0 && j <= last; j++) {
			if (a->n[j] == 0)
				continue;
			run = arrivals_run(a, i, j);
			if ((gain = arrivals_gain(&all, &run)) <= best)
				continue;
			best = gain;
			*newest = i;
			*oldest = j;
		}
	}
}

/* Messages that come at random leave such a gap once in 20,000 times. */
static bool
arrivals_has_ended(const struct arrivals_flood *f)
{
	return f->n >= ARRIVALS_FEW && f->until > ARRIVALS_PAUSE &&
	    (double)f->until > ARRIVALS_GAPS * 60 / f->per_minute;
}

bool
arrivals_flood(const struct arrivals *a, struct arrivals_flood *f)
{
	unsigned int newest = 0, oldest = ARRIVALS_BUCKETS - 1;
	struct arrivals_run run;

	while (newest < ARRIVALS_BUCKETS && a->n[newest] == 0)
		newest++;
	if (newest == ARRIVALS_BUCKETS)
		return false;
	while (a->n[oldest] == 0)
		oldest--;
	if (arrivals_run(a, newest, oldest).n >= ARRIVALS_FEW)
		arrivals_search(a, &newest, &oldest);
	run = arrivals_run(a, newest, oldest);
	*f = (struct arrivals_flood){
		.since = a->oldest[oldest],
		.until = a->newest[newest],
		.n = run.n,
		.per_minute = (double)run.n * 60 / run.span,
	};
	f->ended = arrivals_has_ended(f);
	return true;
}
