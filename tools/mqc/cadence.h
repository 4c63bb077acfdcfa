/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cadence.h - when the next round begins */
#ifndef TOOLS_MQC_CADENCE_H
#define TOOLS_MQC_CADENCE_H

#include <stdint.h>

/*
 * Returns the round that comes after this one.  Round 0 begins at start, and
 * round k begins k intervals later.  All times are milliseconds of one steady
 * clock; the interval is greater than 0.
 */
int64_t mqc_cadence_next(int64_t start, int64_t interval, int64_t round,
    int64_t now);

/* Milliseconds from now until that round begins; never below 0. */
int64_t mqc_cadence_wait(int64_t start, int64_t interval, int64_t round,
    int64_t now);

#endif
