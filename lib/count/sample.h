/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sample.h - what a fair sample of a queue says about the whole queue */
#ifndef COUNT_SAMPLE_H
#define COUNT_SAMPLE_H

#include <stdbool.h>
#include <stdint.h>

/*
 * How many messages have some property.  The interval is for people.  Claims
 * are based on the members after it, see sample_proves().  If only the first
 * three members are set, all messages were counted.
 */
struct sample_estimate {
	double value;
	double low;  /* 95% interval; equal to value when all */
	double high; /* was read */

	double drawn;      /* part of value that is scaled, not counted */
	double weight;     /* how many messages one message stands */
			   /* for, in the coarsest of the samples */
	double population; /* messages the samples were drawn from */
	uint64_t read;     /* messages of the sample; 0: several samples */
	unsigned int keys; /* groups a message may be in; 0: one */
};

/*
 * Of total messages, read were drawn without replacement, and hits of these
 * have some property.  Estimates how many of all messages have it, by Wilson's
 * score interval with the correction for a finite population.  low is at least
 * hits, and high is at most the number that the other messages still allow.
 * If read is 0, the interval is 0 to total.
 */
struct sample_estimate sample_scale(uint64_t hits, uint64_t read,
    uint64_t total);

/*
 * Is it proven that a group of messages is larger than limit?  An answer asks
 * this for every group and for two limits.  At most 2.5% of all answers
 * contain a "yes" that is wrong, however many groups there are.
 */
bool sample_proves(const struct sample_estimate *, double limit);

/*
 * Of total messages, "some" have a property, and read are drawn without
 * replacement.  Returns the chance that at least hits of these have the
 * property.  This is the upper tail of the hypergeometric distribution, to five
 * digits up to 10^9 messages.  It is 1 if hits are no more than expected,
 * because they prove nothing.
 */
double sample_chance(double hits, double read, double some, double total);

/*
 * Returns an upper bound of this chance for several samples.  drawn is the sum
 * of their hits, each times the number of messages that it stands for, and
 * weight is the largest of these numbers.
 */
double sample_chance_summed(double drawn, double weight, double some);

#endif
