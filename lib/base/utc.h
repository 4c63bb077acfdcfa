/* SPDX-License-Identifier: GPL-3.0-or-later */
/* utc.h - dates in UTC, to seconds since 1970 and back */
#ifndef BASE_UTC_H
#define BASE_UTC_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

#define UTC_TEXT 20 /* bytes of 2026-11-24T09:41:00Z */

/*
 * Seconds since 1970 of field[] = month from 0, day, hour, minute, second in
 * a year; -1 for a date that does not exist, or is before 1970.
 */
int64_t utc_seconds(int year, const int *field);

/* "2026-11-24T09:41:00Z" (RFC 3339); a time outside 1970 to 9999 as digits. */
void utc_add(struct buf *, int64_t t);

/* Reads n bytes in exactly that form.  0; or -1, and *t is as before. */
int utc_parse(const char *s, size_t n, int64_t *t);

#endif
