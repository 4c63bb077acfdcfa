/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sample.h - what a fair sample of a queue says of the whole */
#ifndef MQUEUE_SAMPLE_H
#define MQUEUE_SAMPLE_H

#include <stdint.h>

struct sample_estimate {
	double value;
	double low;  /* 95% interval; equal to value when all */
	double high; /* was read */
};

/*
 * Of total messages, read were drawn without replacement, and hits of these
 * have some property: how many of all have it?  Wilson's score interval with
 * the correction for a finite population; low is never under hits, high never
 * over what is left.  With read 0 the interval is 0 to total.
 */
struct sample_estimate sample_scale(uint64_t hits, uint64_t read,
    uint64_t total);

#endif
