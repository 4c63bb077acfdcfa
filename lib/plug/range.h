/* SPDX-License-Identifier: GPL-3.0-or-later */
/* range.h - threshold ranges, to the letter of the plugin guidelines */
#ifndef PLUG_RANGE_H
#define PLUG_RANGE_H

#include <stdbool.h>

#include "base/buf.h"

/*
 * [@]start:end.  Alerts when the value is outside, or with inside set when it
 * is within start and end; both ends belong to the range.  -INFINITY and
 * INFINITY stand for ~ and for an end that is left out.
 * Source: Monitoring Plugins Development Guidelines, "Threshold and Ranges".
 */
struct range {
	double start;
	double end;
	bool inside;
};

/*
 * 0; or -1 with *why a constant text.  Junk is refused, and so is a start
 * after the end.
 */
int range_parse(struct range *, const char *, const char **why);

bool range_alerts(const struct range *, double value);

/*
 * Do the value and every larger one alert?  Then "at least value" is enough to
 * alert.
 */
bool range_alerts_from(const struct range *, double value);

/*
 * Is the range of a warning useless beside that of a critical state?  It is if
 * every value from 0 on that alerts by the first alerts by the second as well,
 * and others do, too.  Two ranges that are the same, and a range that never
 * alerts, do not count as useless: both are customary ways to have no warning.
 */
bool range_is_shadowed(const struct range *warning,
    const struct range *critical);

/* Adds the shortest form, which range_parse() reads as the same range. */
void range_add(struct buf *, const struct range *);

#endif
