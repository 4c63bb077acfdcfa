/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sample.h - what a fair sample of a queue says of the whole */
#ifndef COUNT_SAMPLE_H
#define COUNT_SAMPLE_H

#include <stdbool.h>
#include <stdint.h>

/*
 * How many messages have some property.  The interval is for people; what is
 * claimed rests on the members after it, see sample_proves().  An estimate of
 * which only the first three are set was counted in full.
 */
struct sample_estimate {
	double value;
	double low;  /* 95% interval; equal to value when all */
	double high; /* was read */

	double drawn;      /* of value: scaled; the rest was counted */
	double weight;     /* what one message of a sample stands */
			   /* for, in the coarsest of them */
	double population; /* what the samples were drawn from */
	uint64_t read;     /* of it, if it is one sample; 0: several */
	unsigned int keys; /* groups a message may be in; 0: one */
};

/*
 * Of total messages, read were drawn without replacement, and hits of these
 * have some property: how many of all have it?  Wilson's score interval with
 * the correction for a finite population; low is never under hits, high never
 * over what is left.  With read 0 the interval is 0 to total.
 */
struct sample_estimate sample_scale(uint64_t hits, uint64_t read,
    uint64_t total);

/*
 * Is it proven that a group of messages is larger than limit?  Of all answers
 * in which this is asked of every group, and of two limits, at most 2.5% hold
 * a "yes" that is wrong, however many groups there are.
 */
bool sample_proves(const struct sample_estimate *, double limit);

/*
 * The chance that of read messages, drawn from total without replacement, at
 * least hits are among the "some" that have a property: the upper tail of the
 * hypergeometric distribution, to five digits up to 10^9 messages.  1 where
 * hits are no more than to be expected, since nothing is proven by these.
 */
double sample_chance(double hits, double read, double some, double total);

/*
 * An upper bound of the same for several samples: drawn is the sum of their
 * hits, each times what it stands for, weight the largest of these factors.
 */
double sample_chance_summed(double drawn, double weight, double some);

#endif
