/* SPDX-License-Identifier: GPL-3.0-or-later */
/* num.h - strict numbers: the whole string, or an error text */
#ifndef BASE_NUM_H
#define BASE_NUM_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/*
 * All of these read base 10 only, without blanks, exponent or locale.  They
 * return 0; or -1 with *why a constant text that says what was expected, and
 * *out is not changed.
 */

/* An optional sign and digits, within min and max. */
int num_int64(const char *s, int64_t min, int64_t max, int64_t *out,
    const char **why);

/* The same of n bytes. */
int num_int64_of(const char *s, size_t n, int64_t min, int64_t max,
    int64_t *out, const char **why);

/*
 * [+-]digits[.digits] of at most NUM_DECIMAL_MAX and six decimals, so that
 * num_add_decimal() prints it back exactly.
 */
#define NUM_DECIMAL_MAX 999999999.0
int num_decimal(const char *s, size_t len, double *out, const char **why);

/*
 * A span in seconds: digits with an optional unit s, m, h or d ("90", "15m",
 * "2h"); several with falling units add up ("1h30m").  At most ten years.
 */
int num_duration(const char *s, int64_t *seconds, const char **why);

/* Without exponent and trailing zeros: 10, 0.5, -3.  Rounds to 1e-6. */
void num_add_decimal(struct buf *, double);

/* For people, two units at most: 40s, 14m, 2h5m, 3d4h.  Negative is 0s. */
void num_add_duration(struct buf *, int64_t seconds);

#endif
