/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sample.c - what a fair sample of a queue says of the whole
 *
 * Pure.  Source: Wilson (1927); for the finite population the sample counts
 * as one of read * (total - 1) / (total - read) messages (Burstein, 1975).
 */
#include <math.h>

#include "mqueue/sample.h"

#define SAMPLE_Z 1.959963984540054 /* 95%, both sides */

struct sample_estimate
sample_scale(uint64_t hits, uint64_t read, uint64_t total)
{
	double n, p, centre, half, scale;
	struct sample_estimate e;

	if (read >= total)
		return (struct sample_estimate){ (double)hits, (double)hits,
			(double)hits };
	if (read == 0)
		return (struct sample_estimate){ 0, 0, (double)total };
	p = (double)hits / (double)read;
	n = (double)read * (double)(total - 1) / (double)(total - read);
	scale = 1 + SAMPLE_Z * SAMPLE_Z / n;
	centre = (p + SAMPLE_Z * SAMPLE_Z / (2 * n)) / scale;
	half = SAMPLE_Z / scale *
	    sqrt(p * (1 - p) / n + SAMPLE_Z * SAMPLE_Z / (4 * n * n));
	e.value = p * (double)total;
	e.low = floor((centre - half) * (double)total);
	e.high = ceil((centre + half) * (double)total);
	/* What was read is certain. */
	e.low = fmax(e.low, (double)hits);
	e.high = fmin(e.high, (double)(total - (read - hits)));
	return e;
}
