/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sample.c - what a fair sample of a queue says about the whole queue
 *
 * Pure.  Source of the interval: Wilson (1927); for the finite population the
 * sample counts as one of read * (total - 1) / (total - read) messages
 * (Burstein, 1975).
 *
 * A claim needs more than an interval.  Whoever looks at the largest of m
 * groups picks the one with the most luck, so "more than the limit" must be
 * claimed at a level of 0.025 / m.  m must not depend on the messages that
 * were drawn.  It is total / limit, for this reason:
 *
 * Let f(K) be the chance that a group of K messages has as many hits as are
 * needed for a claim.  Going from K to K + 1 adds the chance that the new
 * message is drawn and that exactly one hit was missing, which is
 * read / total times a hypergeometric probability.  As a function of K this
 * grows as long as K is below the number that so many hits would suggest
 * (sample_chance is 1 elsewhere).  So f is convex up to the limit L, f(0) is
 * 0, and f(K) <= f(L) * K / L.  Only groups of at most L can be claimed
 * wrongly, together they hold no more than total messages, and the sum of
 * their chances is at most f(L) * total / L, which is 0.025 by choice.
 *
 * A second limit costs nothing.  A group up to the lower limit can be wrong at
 * the lower limit, and a group between both at the higher one; each message
 * counts in one of the two sums.  If a message may be in k groups, these have
 * up to k * total messages.  Messages that were counted in full are first
 * taken off both sides.
 *
 * Several samples of different weight: by Hoeffding (1963) the moments of a
 * draw without replacement are at most those of one with; with 1 + x <= e^x
 * the sum, in units of the largest weight, has Chernoff's bound of a Poisson
 * distribution of mean K / weight.  As a function of K that is
 * K^a * e^(-K / weight), for which f(K) <= f(L) * K / L holds as well while
 * L / weight <= a - 1.
 */
#include <math.h>

#include "count/sample.h"

#define SAMPLE_Z       1.959963984540054 /* 95%, both sides */
#define SAMPLE_ALPHA   0.025             /* answers with a wrong claim */
#define SAMPLE_HALFLOG 0.918938533204673 /* log(2 * pi) / 2 */

struct sample_estimate
sample_scale(uint64_t hits, uint64_t read, uint64_t total)
{
	double n, p, centre, half, scale;
	struct sample_estimate e = { .value = (double)hits };

	e.low = e.high = e.value;
	if (read >= total)
		return e;
	e.high = (double)total;
	if (read == 0)
		return e;
	p = (double)hits / (double)read;
	n = (double)read * (double)(total - 1) / (double)(total - read);
	scale = 1 + SAMPLE_Z * SAMPLE_Z / n;
	centre = (p + SAMPLE_Z * SAMPLE_Z / (2 * n)) / scale;
	half = SAMPLE_Z / scale *
	    sqrt(p * (1 - p) / n + SAMPLE_Z * SAMPLE_Z / (4 * n * n));
	e.value = e.drawn = p * (double)total;
	e.weight = (double)total / (double)read;
	e.population = (double)total;
	e.read = read;
	e.low = floor((centre - half) * (double)total);
	e.high = ceil((centre + half) * (double)total);
	/* The messages that were read are certain. */
	e.low = fmax(e.low, (double)hits);
	e.high = fmin(e.high, (double)(total - (read - hits)));
	return e;
}

/* log(n!); lgamma(3) would write a variable that all threads share. */
static double
sample_log_factorial(double n)
{
	double sum = 0;
	int i;

	if (n >= 16) /* Stirling's series is exact to 1e-12 from here on */
		return (n + 0.5) * log(n) - n + SAMPLE_HALFLOG + 1 / (12 * n) -
		    1 / (360 * n * n * n) + 1 / (1260 * n * n * n * n * n);
	for (i = 2; i <= (int)n; i++)
		sum += log(i);
	return sum;
}

/* The log of the number of ways to choose k of n. */
static double
sample_log_ways(double n, double k)
{
	return sample_log_factorial(n) - sample_log_factorial(k) -
	    sample_log_factorial(n - k);
}

double
sample_chance(double hits, double read, double some, double total)
{
	double most = fmin(read, some), sum = 0, term;

	if ((hits - 1) * total < some * (read - 1))
		return 1;
	term = exp(sample_log_ways(some, hits) +
	    sample_log_ways(total - some, read - hits) -
	    sample_log_ways(total, read));
	/*
	 * Above the expected number of hits each term is smaller than the one
	 * before it.  For impossible numbers of hits there is no term.
	 */
	while (hits <= most && term > sum * 1e-16) {
		sum += term;
		term *= (some - hits) * (read - hits) /
		    ((hits + 1) * (total - some - read + hits + 1));
		hits++;
	}
	return fmin(sum, 1);
}

double
sample_chance_summed(double drawn, double weight, double some)
{
	double hits = drawn / weight, mean = some / weight;

	if (hits < mean + 1)
		return 1;
	return mean > 0 ? exp(hits - mean - hits * log(hits / mean)) : 0;
}

bool
sample_proves(const struct sample_estimate *e, double limit)
{
	double left = floor(limit) - round(e->value - e->drawn), chance;

	if (left < 0)
		return true;
	if (e->drawn <= 0)
		return false;
	if (e->read != 0)
		chance = sample_chance(round(e->drawn / e->weight),
		    (double)e->read, left, e->population);
	else
		chance = sample_chance_summed(e->drawn, e->weight, left);
	return chance <=
	    SAMPLE_ALPHA * left / (e->population * (e->keys > 1 ? e->keys : 1));
}
